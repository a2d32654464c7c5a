import { constants } from 'node:os'
import { isatty } from 'node:tty'

/** The first signal to end from now on. */
export function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', resolve)
  })
}

/** Whether a person at a terminal asked for the end: then no platform has to notice first. */
export const isCtrlC = (signal: NodeJS.Signals) => signal === 'SIGINT' && (isatty(0) || isatty(1))

/**
 * Ends the process as a signal does where nobody listens for it: at once, without an orderly exit,
 * which would tear down threads inside native code, and can hang or abort there.
 */
export function endBy(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
  // The first process of a container goes on here: the kernel keeps such signals of its own from it.
  const code = 128 + constants.signals[signal]
  if (!process.versions.bun) becomeExit(code)
  process.exit(code)
}

/** Node aborts in an exit while a model runs. Another program in its place ends its threads as a signal would. */
function becomeExit(code: number): void {
  process.execve?.(process.execPath, [process.execPath, '-e', `process.exit(${code})`])
}
