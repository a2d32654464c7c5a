import { z } from 'zod'
import { copyOf } from './copy-of.ts'
import { toKey } from './group.ts'
import type { Answered } from './outcome.ts'
import { type Scored, whole } from './tally.ts'

/** Rows of each list, and of the sample. */
const LIST_ROWS = 100
const SAMPLE_ROWS = 1000

/** UTF-16 code units of a text that are kept. */
const MAX_CHARS = 500

/** A row as a report shows it. */
const ShownRow = z.object({
  /** Its beginning, at least. */
  text: z.string(),
  /** UTF-16 code units of the whole text. */
  chars: whole,
  label: z.string(),
  /** In millionths: of the winning label, and of the last one. */
  score: whole,
  lastScore: whole,
  /** The name of its input. */
  input: z.string(),
  line: whole,
  /** Of the columns that rows are grouped by. */
  values: z.array(z.string()),
  /** Rows with this text: in a list each text stands once, at the first of its lines. */
  rows: whole,
})
export type ShownRow = z.infer<typeof ShownRow>

/** The rows of a report: bounded, and the same in whatever order and however divided rows were counted. */
export const ShownRows = z.object({
  /** With the last label, the highest score first. */
  highest: z.array(ShownRow),
  /** With another label, the lowest score of the last label first. */
  lowest: z.array(ShownRow),
  /** Only those that are unsure, the least sure first. */
  leastSure: z.array(ShownRow),
  /** Drawn at random, by a hash of the line. */
  sample: z.array(ShownRow),
})
export type ShownRows = z.infer<typeof ShownRows>

export const noShownRows = (): ShownRows => ({
  highest: [],
  lowest: [],
  leastSure: [],
  sample: [],
})

/** Which of two rows comes first, as for `sort`; 0 for equal ones. */
type Order = (a: ShownRow, b: ShownRow) => number

const inOrderOf =
  (rank: (row: ShownRow) => number): Order =>
  (a, b) =>
    rank(a) - rank(b) || compare(a.text, b.text) || a.chars - b.chars

const compare = (a: string, b: string) => Number(a > b) - Number(a < b)

interface List {
  readonly order: Order
  readonly most: number
  belongs(scored: Scored): boolean
}

const LISTS: Readonly<Record<keyof ShownRows, List>> = {
  highest: {
    order: inOrderOf(({ lastScore }) => -lastScore),
    most: LIST_ROWS,
    belongs: ({ isLast }) => isLast,
  },
  lowest: {
    order: inOrderOf(({ lastScore }) => lastScore),
    most: LIST_ROWS,
    belongs: ({ isLast }) => !isLast,
  },
  leastSure: {
    order: inOrderOf(({ score }) => score),
    most: LIST_ROWS,
    belongs: ({ unsure }) => unsure,
  },
  sample: {
    order: (a, b) => hashOf(a.line) - hashOf(b.line) || byPlace(a, b),
    most: SAMPLE_ROWS,
    belongs: () => true,
  },
}

const byPlace: Order = (a, b) => compare(a.input, b.input) || a.line - b.line

const NAMES = ['highest', 'lowest', 'leastSure', 'sample'] as const

interface Seen {
  readonly scored: Scored
  readonly values: readonly string[]
  readonly input: string
}

/** Shows a row in each list where it belongs. */
export function showRow(
  shown: ShownRows,
  { row, outcome }: Answered,
  { scored, values, input }: Seen,
): void {
  const candidate: ShownRow = {
    // Halves of a surrogate pair are no characters in JSON and UTF-8.
    text: row.text.slice(0, MAX_CHARS).toWellFormed(),
    chars: row.text.length,
    label: outcome?.label ?? '',
    score: scored.score,
    lastScore: scored.lastScore,
    input,
    line: row.line,
    values: [...values],
    rows: 1,
  }
  for (const name of NAMES) {
    if (LISTS[name].belongs(scored)) insert(shown[name], candidate, LISTS[name])
  }
}

/** The rows that all of both's rows would have given. */
export function mergeShownRows(a: ShownRows, b: ShownRows): ShownRows {
  const merged = noShownRows()
  for (const name of NAMES) {
    for (const row of [...a[name], ...b[name]]) insert(merged[name], row, LISTS[name])
  }
  return merged
}

/** Keeps the first rows of an order. An equal text that has left a full list never comes back, so its rows are all counted. */
function insert(list: ShownRow[], row: ShownRow, { order, most }: List): void {
  const last = list.at(most - 1)
  if (last && order(last, row) < 0) return
  const at = placeOf(row, list, order)
  const known = list[at]
  if (known && order(known, row) === 0) list[at] = mergeEqual(known, row)
  else list.splice(at, 0, kept(row))
  list.splice(most)
}

/** The index of the first row that does not come before this one. */
function placeOf(row: ShownRow, list: readonly ShownRow[], order: Order): number {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const known = list[middle]
    if (known && order(known, row) < 0) low = middle + 1
    else high = middle
  }
  return low
}

function mergeEqual(a: ShownRow, b: ShownRow): ShownRow {
  const first = byPlace(a, b) <= 0 ? a : kept(b)
  return { ...first, rows: a.rows + b.rows }
}

const kept = (row: ShownRow): ShownRow => ({
  ...row,
  text: copyOf(row.text),
  values: row.values.map(toKey),
})

/** Spreads numbers over 32 bits, so that those with the lowest hashes are a sample. */
function hashOf(number: number): number {
  const mixed = mix(mix(number))
  return (mixed ^ (mixed >>> 16)) >>> 0
}

const mix = (number: number) => Math.imul(number ^ (number >>> 16), 0x45d9f3b)
