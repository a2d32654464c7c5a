import { z } from 'zod'
import { copyOf } from './copy-of.ts'
import { readDate } from './read-date.ts'
import { addTallies, count, noTally, type Scored, Tallies, Tally, TallyMap } from './tally.ts'

/** Values of a column that are told apart at most; of more of them only dates are kept. */
export const MAX_VALUES = 10_000

/** UTF-16 code units of a value that are kept: two that begin alike with so many are taken for one. */
const MAX_CHARS = 200

/** Values that are no dates, shown as examples. */
const EXAMPLES = 3

/** What is kept of a column with too many values to tell them all apart. */
const Overflow = z.object({
  /** By date, as `readDate` writes it: there are not that many days. */
  dates: Tallies,
  /** Rows whose value is no date. */
  others: Tally,
  /** The first such values by the alphabet. */
  examples: z.array(z.string()),
})
type Overflow = z.infer<typeof Overflow>

/** Rows by the values of one column. Two of them merge to what all their rows at once would have given. */
export const Group = z.object({
  column: z.string(),
  /** Rows without a value. */
  empty: Tally,
  /** By value; none once there are too many. */
  values: Tallies,
  overflow: Overflow.optional(),
})
export type Group = z.infer<typeof Group>

export const noGroup = (column: string): Group => ({
  column,
  empty: noTally(),
  values: new TallyMap(),
})

/** Counts one row under its value. */
export function countIn(group: Group, value: string, scored: Scored): void {
  const key = toKey(value)
  if (key === '') count(group.empty, scored)
  else if (group.overflow) count(overflowTally(group.overflow, key), scored)
  else {
    count(group.values.of(key), scored)
    if (group.values.size > MAX_VALUES) overflow(group)
  }
}

/** A value as it is kept: bounded, and without what is around it. */
export function toKey(value: string): string {
  const key = value.trim()
  if (key.length === value.length && key.length <= MAX_CHARS) return key
  return copyOf(key.length > MAX_CHARS ? `${key.slice(0, MAX_CHARS)}…` : key)
}

/** The tally that a value belongs to. */
function overflowTally({ dates, others, examples }: Overflow, value: string): Tally {
  const date = readDate(value)
  if (date !== undefined) return dates.of(date)
  keepExample(examples, value)
  return others
}

function keepExample(examples: string[], value: string): void {
  const last = examples.at(EXAMPLES - 1)
  if (examples.includes(value) || (last !== undefined && value > last)) return
  examples.push(value)
  examples.sort()
  examples.splice(EXAMPLES)
}

/** Gives up telling values apart. */
function overflow(group: Group): void {
  group.overflow = foldToDates(group.values)
  group.values.clear()
}

/** Values by the dates that they are; a date is written as by `readDate`. */
export function foldToDates(values: TallyMap): Overflow {
  const folded: Overflow = { dates: new TallyMap(), others: noTally(), examples: [] }
  for (const [value, tally] of values) {
    const date = readDate(value)
    if (date !== undefined) folded.dates.add(date, tally)
    else {
      folded.others = addTallies(folded.others, tally)
      keepExample(folded.examples, value)
    }
  }
  return folded
}

/** The group of both's rows. */
export function mergeGroups(a: Group, b: Group): Group {
  const merged: Group = {
    column: a.column,
    empty: addTallies(a.empty, b.empty),
    values: mergeTallies(a.values, b.values),
  }
  if (!a.overflow && !b.overflow && merged.values.size <= MAX_VALUES) return merged
  const [left, right] = [a, b].map((group) => group.overflow ?? foldToDates(group.values))
  if (left && right) merged.overflow = mergeOverflows(left, right)
  merged.values.clear()
  return merged
}

function mergeOverflows(a: Overflow, b: Overflow): Overflow {
  const examples = [...a.examples]
  for (const example of b.examples) keepExample(examples, example)
  return {
    dates: mergeTallies(a.dates, b.dates),
    others: addTallies(a.others, b.others),
    examples,
  }
}

function mergeTallies(a: TallyMap, b: TallyMap): TallyMap {
  const merged = new TallyMap()
  for (const [name, tally] of [...a, ...b]) merged.add(name, tally)
  return merged
}
