import { ModelError } from '../model/model-error.ts'

/** A failure that is no bug of the command, reported by its message alone. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError'
}

/** Wrong use of a command. */
export class UsageError extends CommandError {
  override readonly name = 'UsageError'
}

/** Throws what the system says of a file as the user's to mend, not as a bug. */
export function asCommandError(cause: Error): never {
  throw new CommandError(cause.message, { cause })
}

/** Wrong use, as the exit code says it. */
const WRONG_USE = 2

/** Runs a command. Errors set exit code 1, wrong use 2: a known error prints one line, a bug its stack. */
export async function runCommand(name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    process.stderr.write(`${name}: ${isKnown(error) ? error.message : (error as Error).stack}\n`)
    process.exitCode = error instanceof UsageError ? WRONG_USE : 1
  }
}

/** Writes one line to standard output. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

const isKnown = (error: unknown): error is Error =>
  error instanceof ModelError || error instanceof CommandError
