import { ModelError } from '../model/model-error.ts'

/** A wrong use of a command: its message is all that the operator needs. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Runs a command's work. A failure ends it with exit code 1: one line for one that is known, a stack for a bug. */
export async function runCommand(name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    process.stderr.write(`${name}: ${isKnown(error) ? error.message : (error as Error).stack}\n`)
    process.exitCode = 1
  }
}

/** Writes one line to standard output. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

const isKnown = (error: unknown): error is Error =>
  error instanceof ModelError || error instanceof UsageError || isArgumentError(error)

/** What `parseArgs` throws of wrong arguments. */
const isArgumentError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
