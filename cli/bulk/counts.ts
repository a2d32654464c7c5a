import { z } from 'zod'
import { countIn, Group, mergeGroups, noGroup } from './group.ts'
import type { Answered } from './outcome.ts'
import { ROW_ERRORS } from './row.ts'
import { mergeShownRows, noShownRows, ShownRows, showRow } from './shown-rows.ts'
import {
  addTallies,
  count,
  MILLION,
  noTally,
  type Scored,
  Tally,
  toScored,
  UnsureRange,
  whole,
} from './tally.ts'

/** Bars of the histogram of the last label's score. */
const BINS = 20

/**
 * What a run counts of its rows; goes into the state of a run that is to be resumed. All of it is bounded,
 * and depends on the rows alone: not on their order, nor on how they are divided among runs.
 */
export const Counts = z.object({
  rows: whole,
  /** Rows by label, in class-id order. */
  labels: z.record(z.string(), whole),
  /** The last label, POSITIVE in the bundled model. */
  lastLabel: z.string(),
  unsureRange: UnsureRange,
  /** Rows that were not classified, by reason. */
  errors: z.record(z.string(), whole),
  /** All that were. */
  all: Tally,
  /** Sum of the winning scores, in millionths. */
  confidence: whole,
  truncated: whole,
  /** Rows whose text was known from an equal one: the one figure that another run may not repeat. */
  cached: whole,
  /** Rows by the last label's score, in bars of equal width. */
  histogram: z.array(whole).length(BINS),
  /** By the columns of `--by`. */
  groups: z.array(Group),
  /** Only for a report. */
  shown: ShownRows.optional(),
})
export type Counts = z.infer<typeof Counts>

interface Wanted {
  /** By the model's card. */
  readonly unsure?: UnsureRange
  /** Columns that rows are grouped by. */
  readonly columns?: readonly string[]
  /** Whether rows are kept, to be shown. */
  readonly show?: boolean
}

export const noCounts = (labels: readonly string[], wanted: Wanted = {}): Counts => ({
  rows: 0,
  labels: Object.fromEntries(labels.map((label) => [label, 0])),
  lastLabel: labels.at(-1) ?? '',
  unsureRange: labels.length === 2 ? (wanted.unsure ?? null) : null,
  errors: Object.fromEntries(ROW_ERRORS.map((error) => [error, 0])),
  all: noTally(),
  confidence: 0,
  truncated: 0,
  cached: 0,
  histogram: new Array<number>(BINS).fill(0),
  groups: (wanted.columns ?? []).map(noGroup),
  ...(wanted.show && { shown: noShownRows() }),
})

/** What a row is to be found by, and its values in the columns that rows are grouped by. */
export interface Origin {
  readonly input: string
  readonly values: readonly string[]
}
const NO_ORIGIN: Origin = { input: '', values: [] }

/** Adds a row to the counts. */
export function countRow(
  counts: Counts,
  answered: Answered,
  { input, values }: Origin = NO_ORIGIN,
): void {
  const { row, outcome } = answered
  counts.rows++
  if (!outcome) {
    add(counts.errors, row.error ?? 'no_text', 1)
    return
  }
  const scored = toScored(outcome, counts)
  add(counts.labels, outcome.label, 1)
  if (outcome.truncated) counts.truncated++
  if (outcome.cached) counts.cached++
  countScores(counts, scored)
  for (const [i, group] of counts.groups.entries()) countIn(group, values[i] ?? '', scored)
  if (counts.shown) showRow(counts.shown, answered, { scored, values, input })
}

function countScores(counts: Counts, scored: Scored): void {
  count(counts.all, scored)
  counts.confidence += scored.score
  const bin = Math.min(BINS - 1, Math.floor((scored.lastScore * BINS) / MILLION))
  counts.histogram[bin] = (counts.histogram[bin] ?? 0) + 1
}

function add(counts: Record<string, number>, name: string, rows: number): void {
  counts[name] = (counts[name] ?? 0) + rows
}

/** The counts of both's rows, of one model: exact, and the same whichever comes first. `noCounts` of no columns adds nothing. */
export function mergeCounts(a: Counts, b: Counts): Counts {
  return {
    ...a,
    rows: a.rows + b.rows,
    labels: addRecords(a.labels, b.labels),
    errors: addRecords(a.errors, b.errors),
    all: addTallies(a.all, b.all),
    confidence: a.confidence + b.confidence,
    truncated: a.truncated + b.truncated,
    cached: a.cached + b.cached,
    histogram: a.histogram.map((rows, i) => rows + (b.histogram[i] ?? 0)),
    groups: mergeColumns(a.groups, b.groups),
    ...mergeShown(a.shown, b.shown),
  }
}

/** By the names of the columns: an input may have columns that another has not. */
function mergeColumns(a: readonly Group[], b: readonly Group[]): Group[] {
  const columns = [...new Set([...a, ...b].map(({ column }) => column))]
  return columns.map((column) =>
    [...a, ...b].filter((group) => group.column === column).reduce(mergeGroups, noGroup(column)),
  )
}

const mergeShown = (a: ShownRows | undefined, b: ShownRows | undefined) =>
  (a ?? b) && { shown: mergeShownRows(a ?? noShownRows(), b ?? noShownRows()) }

function addRecords(a: Readonly<Record<string, number>>, b: typeof a): Record<string, number> {
  const sum = { ...a }
  for (const [name, rows] of Object.entries(b)) add(sum, name, rows)
  return sum
}

export const badRows = ({ errors }: Counts): number =>
  Object.values(errors).reduce((sum, rows) => sum + rows, 0)
