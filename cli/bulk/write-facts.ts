import { asCommandError } from '../command.ts'
import type { RunFacts } from '../report/facts.ts'
import type { Counts } from './counts.ts'
import { checkWritable, replaceFile } from './replace-file.ts'
import { toSummary } from './summary.ts'

/** Files for what was counted, each if it is wanted. */
export interface FactFiles {
  /** A page for people. */
  readonly report: string | undefined
  /** JSON. */
  readonly summary: string | undefined
}

/** Throws a `CommandError` if one of them can't be written, and a run had better not begin. */
export async function checkFactFiles({ report, summary }: FactFiles): Promise<void> {
  for (const file of [report, summary]) if (file !== undefined) await checkWritable(file)
}

export interface Counted {
  readonly counts: Counts
  readonly seconds: number
  /** Whether all rows were read. A report is of all of them only. */
  readonly complete: boolean
}

export async function writeFacts(
  { counts, seconds, complete }: Counted,
  { report, summary }: FactFiles,
  facts: RunFacts,
): Promise<void> {
  const json = `${JSON.stringify(toSummary(counts, seconds, facts), null, 2)}\n`
  if (summary !== undefined) await replaceFile(summary, json).catch(asCommandError)
  if (report === undefined || !complete) return
  // Drawing is of no use to a run without a report.
  const { toReportPage } = await import('../report/page.ts')
  await replaceFile(report, await toReportPage(counts, facts)).catch(asCommandError)
}
