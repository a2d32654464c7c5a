import type { RunFacts } from '../report/facts.ts'
import { type Breakdown, type Part, toBreakdown } from './breakdown.ts'
import type { Counts } from './counts.ts'
import { fromMillionths, type Tally } from './tally.ts'

/** What `--summary` writes. */
export function toSummary(
  counts: Counts,
  seconds: number,
  { inputs, startedAt, model, options }: RunFacts,
) {
  const figures = toFigures(counts, seconds)
  return {
    inputs,
    started_at: startedAt,
    model,
    options,
    ...figures,
    by: counts.groups.map((group) => toColumn(toBreakdown(group), counts.lastLabel)),
  }
}

function toFigures(counts: Counts, seconds: number) {
  const { all } = counts
  return {
    rows: counts.rows,
    classified: all.rows,
    labels: counts.labels,
    errors: counts.errors,
    mean_confidence: fromMillionths(mean(counts.confidence, all.rows)),
    unsure: all.unsure,
    unsure_share: mean(all.unsure, all.rows),
    unsure_range: counts.unsureRange,
    truncated: counts.truncated,
    cached: counts.cached,
    histogram: counts.histogram,
    seconds,
    rows_per_second: mean(counts.rows, seconds),
  }
}

const mean = (sum: number, count: number) => (count === 0 ? 0 : sum / count)

function toColumn({ column, kind, parts, empty, notDates, ambiguous }: Breakdown, label: string) {
  return {
    column,
    kind,
    share_of: label,
    groups: parts.map(({ name, tally }: Part) => ({ value: name, ...toShares(tally) })),
    empty: toShares(empty),
    not_dates: notDates,
    ambiguous_dates: ambiguous,
  }
}

const toShares = ({ rows, last, unsure, lastScore }: Tally) => ({
  rows,
  share: mean(last, rows),
  unsure_share: mean(unsure, rows),
  mean_score: fromMillionths(mean(lastScore, rows)),
})

/** With a model that does not say where it is unsure nobody knows. */
function describeUnsure(
  { all, unsureRange, lastLabel }: Counts,
  percent: (part: number) => string,
): string {
  if (!unsureRange) return ''
  const [from, to] = unsureRange
  return `; unsure (${lastLabel} from ${from} to ${to}): ${all.unsure.toLocaleString('en')} (${percent(all.unsure)})`
}

/** The figures in words, one fact a line. */
export function describeSummary(counts: Counts, seconds: number): string {
  const { classified, ...figures } = toFigures(counts, seconds)
  const percent = (part: number) =>
    `${classified === 0 ? 0 : ((100 * part) / classified).toFixed(1)} %`
  const labels = Object.entries(counts.labels).map(
    ([label, rows]) => `${label} ${rows.toLocaleString('en')} (${percent(rows)})`,
  )
  const errors = Object.entries(counts.errors).filter(([, rows]) => rows > 0)
  return [
    `${counts.rows.toLocaleString('en')} rows in ${seconds.toFixed(1)} s, ${Math.round(figures.rows_per_second).toLocaleString('en')} a second, ${counts.cached.toLocaleString('en')} known from equal texts`,
    labels.join(', '),
    `mean confidence ${figures.mean_confidence.toFixed(3)}${describeUnsure(counts, percent)}`,
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
