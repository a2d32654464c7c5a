import { constants } from 'node:os'
import { isatty } from 'node:tty'

/** Resolves with the next SIGTERM or SIGINT. */
export function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', resolve)
  })
}

/** Whether the signal is Ctrl-C on a terminal: then no load balancer needs time to notice. */
export const isCtrlC = (signal: NodeJS.Signals) => signal === 'SIGINT' && (isatty(0) || isatty(1))

/**
 * Ends the process as an unhandled signal does: at once, without exit handlers, which would tear
 * down threads inside native code and can hang or abort there.
 */
export function endBy(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
  // PID 1 of a container gets here: the kernel drops the signals that it sends to itself.
  const code = 128 + constants.signals[signal]
  becomeExit(code)
  process.exit(code)
}

/**
 * Exits by `exec`, which ends threads as a signal does: Node's own exit aborts while a model runs, and
 * hangs while a write does. Returns on Bun, where an ordinary exit does as well.
 */
export function becomeExit(code: number): void {
  if (process.versions.bun) return
  process.execve?.(process.execPath, [process.execPath, '-e', `process.exit(${code})`])
}
