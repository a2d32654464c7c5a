import { ModelError } from '../model/model-error.ts'

/** Runs a command's work. What goes wrong is one line on standard error and exit code 1. */
export async function runCommand(name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const known = error instanceof ModelError || isUsage(error)
    process.stderr.write(`${name}: ${known ? error.message : (error as Error).stack}\n`)
    process.exitCode = 1
  }
}

/** Writes one line to standard output. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** What `parseArgs` throws of wrong arguments. */
const isUsage = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
