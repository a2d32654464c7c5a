import type { RunFacts } from '../report/facts.ts'
import { badRows } from './counts.ts'
import { describeSummary } from './summary.ts'
import { type Counted, type FactFiles, writeFacts } from './write-facts.ts'

export interface Reporting extends FactFiles {
  /** Whether rows that could not be classified leave the exit code as it is. */
  readonly allowBadRows: boolean
}

/** Done, but some rows could not be classified. */
const SOME_BAD = 3

/** Tells what was counted: on standard error, and in the files that are wanted. Sets the exit code. */
export async function tellCounts(
  counted: Counted,
  facts: RunFacts,
  reporting: Reporting,
): Promise<void> {
  const { counts, seconds, complete } = counted
  await writeFacts(counted, reporting, facts)
  process.stderr.write(`${describeSummary(counts, seconds)}\n`)
  if (badRows(counts) > 0 && !reporting.allowBadRows) process.exitCode = SOME_BAD
  if (complete && reporting.report !== undefined)
    process.stderr.write(`report: ${reporting.report}\n`)
}
