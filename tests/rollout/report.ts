import { quantile } from '../../bench/statistics.ts'
import type { Tally } from './load.ts'

export type Summary = ReturnType<typeof toSummary>

/** The sum of several tallies. */
export function toSummary(tallies: readonly Tally[]) {
  const ms = tallies.flatMap((tally) => tally.ms)
  const failures: Record<string, number> = {}
  for (const [failure, count] of tallies.flatMap((tally) => [...tally.failures])) {
    failures[failure] = (failures[failure] ?? 0) + count
  }
  return {
    requests: tallies.reduce((sum, { requests }) => sum + requests, 0),
    failed: Object.values(failures).reduce((sum, count) => sum + count, 0),
    failures,
    p50_ms: quantile(ms, 0.5),
    p99_ms: quantile(ms, 0.99),
    max_ms: quantile(ms, 1),
  }
}

const WIDTHS = [32, 10, 8, 9, 9, 9]

const toLine = (cells: readonly string[]) =>
  cells
    .map((cell, i) => (i === 0 ? cell.padEnd(WIDTHS[0] ?? 0) : cell.padStart(WIDTHS[i] ?? 0)))
    .join('')

/** One line per phase, followed by its failures. */
export function toTable(phases: Readonly<Record<string, Summary>>): string {
  const lines = Object.entries(phases).flatMap(([name, { requests, failed, ...summary }]) => {
    const times = [summary.p50_ms, summary.p99_ms, summary.max_ms].map((ms) => ms.toFixed(1))
    const failures = Object.entries(summary.failures).map(([what, count]) => `  ${count} x ${what}`)
    return [toLine([name, `${requests}`, `${failed}`, ...times]), ...failures]
  })
  return [toLine(['', 'requests', 'failed', 'p50 ms', 'p99 ms', 'max ms']), ...lines].join('\n')
}
