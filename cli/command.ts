import { ModelError } from '../model/model-error.ts'

/** Wrong use of a command, reported by its message alone. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Wrong use, as the exit code says it. */
const WRONG_USE = 2

/** Runs a command. Errors set exit code 1, wrong use 2: a known error prints one line, a bug its stack. */
export async function runCommand(name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    process.stderr.write(`${name}: ${isKnown(error) ? error.message : (error as Error).stack}\n`)
    process.exitCode = isWrongUse(error) ? WRONG_USE : 1
  }
}

/** Writes one line to standard output. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

const isKnown = (error: unknown): error is Error => error instanceof ModelError || isWrongUse(error)

const isWrongUse = (error: unknown): error is Error =>
  error instanceof UsageError || isArgumentError(error)

/** Whether `parseArgs` or yargs threw it for wrong arguments. */
const isArgumentError = (error: unknown): error is Error =>
  error instanceof Error &&
  (error.name === 'YError' || ('code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')))
