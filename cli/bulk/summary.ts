import { z } from 'zod'
import type { Answered } from './outcome.ts'
import { ROW_ERRORS } from './row.ts'

/** Bars of the histogram of the last label's score. */
const BINS = 20

/** Below it an answer is unsure: between the labels rather than of one. */
const UNSURE_BELOW = 0.75

const count = z.number().int().nonnegative()

/** What a run counts of its rows; goes into the state of a run that is to be resumed. */
export const Counts = z.object({
  rows: count,
  /** Rows by label. */
  labels: z.record(z.string(), count),
  /** Rows that were not classified, by reason. */
  errors: z.record(z.string(), count),
  /** Sum of the winning scores. */
  confidence: z.number(),
  unsure: count,
  truncated: count,
  /** Rows whose text was known from an equal one. */
  cached: count,
  /** Rows by the last label's score, in bars of equal width. */
  histogram: z.array(count).length(BINS),
})
export type Counts = z.infer<typeof Counts>

export const noCounts = (labels: readonly string[]): Counts => ({
  rows: 0,
  labels: Object.fromEntries(labels.map((label) => [label, 0])),
  errors: Object.fromEntries(ROW_ERRORS.map((error) => [error, 0])),
  confidence: 0,
  unsure: 0,
  truncated: 0,
  cached: 0,
  histogram: new Array<number>(BINS).fill(0),
})

/** Adds a row to the counts. */
export function countRow(counts: Counts, { row, outcome }: Answered): void {
  counts.rows++
  if (!outcome) {
    add(counts.errors, row.error ?? 'no_text')
    return
  }
  add(counts.labels, outcome.label)
  counts.confidence += outcome.score
  if (outcome.score < UNSURE_BELOW) counts.unsure++
  if (outcome.truncated) counts.truncated++
  if (outcome.cached) counts.cached++
  const bin = Math.min(BINS - 1, Math.floor(outcome.lastScore * BINS))
  counts.histogram[bin] = (counts.histogram[bin] ?? 0) + 1
}

function add(counts: Record<string, number>, name: string, number = 1): void {
  counts[name] = (counts[name] ?? 0) + number
}

/** Adds the counts of other rows. */
export function addCounts(counts: Counts, more: Counts): void {
  counts.rows += more.rows
  for (const [label, rows] of Object.entries(more.labels)) add(counts.labels, label, rows)
  for (const [error, rows] of Object.entries(more.errors)) add(counts.errors, error, rows)
  counts.confidence += more.confidence
  counts.unsure += more.unsure
  counts.truncated += more.truncated
  counts.cached += more.cached
  counts.histogram = counts.histogram.map((rows, bin) => rows + (more.histogram[bin] ?? 0))
}

export const badRows = ({ errors }: Counts): number => sum(Object.values(errors))

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

/** What `--summary` writes. */
export function toSummary(counts: Counts, seconds: number) {
  const classified = counts.rows - badRows(counts)
  const share = (part: number) => (classified === 0 ? 0 : part / classified)
  return {
    rows: counts.rows,
    classified,
    labels: counts.labels,
    errors: counts.errors,
    mean_confidence: share(counts.confidence),
    unsure: counts.unsure,
    unsure_share: share(counts.unsure),
    truncated: counts.truncated,
    cached: counts.cached,
    histogram: counts.histogram,
    seconds,
    rows_per_second: seconds === 0 ? 0 : counts.rows / seconds,
  }
}

/** The same in words, one fact a line. */
export function describeSummary(counts: Counts, seconds: number): string {
  const { classified, ...summary } = toSummary(counts, seconds)
  const percent = (part: number) =>
    `${classified === 0 ? 0 : ((100 * part) / classified).toFixed(1)} %`
  const labels = Object.entries(counts.labels).map(
    ([label, rows]) => `${label} ${rows.toLocaleString('en')} (${percent(rows)})`,
  )
  const errors = Object.entries(counts.errors).filter(([, rows]) => rows > 0)
  return [
    `${counts.rows.toLocaleString('en')} rows in ${seconds.toFixed(1)} s, ${Math.round(summary.rows_per_second).toLocaleString('en')} a second, ${counts.cached.toLocaleString('en')} known from equal texts`,
    labels.join(', '),
    `mean confidence ${summary.mean_confidence.toFixed(3)}; unsure (below ${UNSURE_BELOW}): ${counts.unsure.toLocaleString('en')} (${percent(counts.unsure)})`,
    ...(counts.truncated > 0
      ? [`longer than the model reads, and cut: ${counts.truncated.toLocaleString('en')}`]
      : []),
    ...(errors.length > 0
      ? [
          `not classified: ${errors.map(([error, rows]) => `${rows.toLocaleString('en')} ${error}`).join(', ')}`,
        ]
      : []),
  ].join('\n')
}
