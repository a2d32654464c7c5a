import { writeFile } from 'node:fs/promises'
import { asCommandError } from '../command.ts'
import { badRows, type Counts, describeSummary, toSummary } from './summary.ts'

export interface Reporting {
  /** File for the counts, as JSON. */
  readonly summary: string | undefined
  /** Whether rows that could not be classified leave the exit code as it is. */
  readonly allowBadRows: boolean
}

/** Done, but some rows could not be classified. */
const SOME_BAD = 3

/** Tells what was counted, to people and as JSON. Sets the exit code. */
export async function tellCounts(
  counts: Counts,
  seconds: number,
  { summary, allowBadRows }: Reporting,
): Promise<void> {
  const json = `${JSON.stringify(toSummary(counts, seconds), null, 2)}\n`
  if (summary !== undefined) await writeFile(summary, json).catch(asCommandError)
  process.stderr.write(`${describeSummary(counts, seconds)}\n`)
  if (badRows(counts) > 0 && !allowBadRows) process.exitCode = SOME_BAD
}
