import { ModelError } from '../model/model-error.ts'

/** Wrong use of a command, reported by its message alone. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Runs a command. Errors set exit code 1: a known error prints one line, a bug its stack. */
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

/** Whether `parseArgs` threw it for wrong arguments. */
const isArgumentError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
