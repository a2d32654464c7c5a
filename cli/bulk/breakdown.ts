import { foldToDates, type Group } from './group.ts'
import { inOrder, orderOf } from './read-date.ts'
import { addTallies, noTally, type Tally, TallyMap } from './tally.ts'

/** The rows of one value, or of one day, month or year. */
export interface Part {
  readonly name: string
  readonly tally: Tally
}

const UNITS = ['days', 'months', 'years'] as const
type Unit = (typeof UNITS)[number]

/** How the rows of a column divide, as it is shown. */
export interface Breakdown {
  readonly column: string
  readonly kind: 'values' | 'too_many_values' | Unit
  /** Values, the most frequent first; or all days, months or years from the first to the last. */
  readonly parts: readonly Part[]
  /** Rows without a value. */
  readonly empty: Tally
  /** Rows whose value is no date, in a column of dates; and some of these values. */
  readonly notDates: { readonly rows: number; readonly examples: readonly string[] }
  /** Rows such as 03/04/2024, in a column that does not say which number is the day. */
  readonly ambiguous: number
}

/** Share of the values that must be dates for a column of dates. */
const DATES = 0.9

/** Days and months that are shown at most; beyond, the next larger unit is. */
const MOST = { days: 62, months: 120, years: Number.POSITIVE_INFINITY }

/** Length of `2024-03-05`, `2024-03` and `2024`. */
const LENGTH = { days: 10, months: 7, years: 4 }

export function toBreakdown(group: Group): Breakdown {
  const { column, empty, values } = group
  const { dates, others, examples } = group.overflow ?? foldToDates(values)
  const known = resolve(dates)
  const base = { column, empty, notDates: { rows: 0, examples: [] }, ambiguous: known.ambiguous }
  const dated = rowsOf(known.dates)
  if (dated > 0 && dated >= DATES * (dated + known.ambiguous + others.rows)) {
    return { ...base, ...toPeriods(known.dates), notDates: { rows: others.rows, examples } }
  }
  if (group.overflow) return { ...base, kind: 'too_many_values', parts: [] }
  return { ...base, kind: 'values', parts: toParts(values).toSorted(byRows) }
}

/** Dates by the order of day and month that their column has. */
function resolve(dates: TallyMap): { readonly dates: TallyMap; readonly ambiguous: number } {
  const order = orderOf(dates.keys())
  const known = new TallyMap()
  let ambiguous = 0
  for (const [written, tally] of dates) {
    const date = inOrder(written, order)
    if (date === undefined) ambiguous += tally.rows
    else known.add(date, tally)
  }
  return { dates: known, ambiguous }
}

interface Periods {
  readonly kind: Unit
  readonly parts: readonly Part[]
}

/** By the smallest unit that all dates have and that is not too small for the time that they span. */
function toPeriods(dates: TallyMap): Periods {
  const known = UNITS.filter((unit) =>
    [...dates.keys()].every((date) => date.length >= LENGTH[unit]),
  )
  for (const unit of known) {
    const periods = periodsOf(dates, unit)
    if (periods) return periods
  }
  return { kind: 'years', parts: [] }
}

function periodsOf(dates: TallyMap, kind: Unit): Periods | undefined {
  const tallies = new TallyMap()
  for (const [date, tally] of dates) tallies.add(date.slice(0, LENGTH[kind]), tally)
  const names = [...tallies.keys()].toSorted()
  const all = periodsBetween(names.at(0) ?? '', names.at(-1) ?? '', MOST[kind])
  return all && { kind, parts: all.map((name) => ({ name, tally: tallies.of(name) })) }
}

/** All days, months or years from one to another; `undefined` if there are more than `most`. */
function periodsBetween(first: string, last: string, most: number): readonly string[] | undefined {
  const periods = [first]
  let name = first
  while (name < last) {
    if (periods.length >= most) return undefined
    name = after(name)
    periods.push(name)
  }
  return periods
}

/** The day after `2024-03-05`, the month after `2024-03`, the year after `2024`. */
function after(period: string): string {
  const [year = 0, month = 1, day = 1] = period.split('-').map(Number)
  const next = {
    [LENGTH.days]: Date.UTC(year, month - 1, day + 1),
    [LENGTH.months]: Date.UTC(year, month, 1),
    [LENGTH.years]: Date.UTC(year + 1, 0, 1),
  }[period.length]
  return new Date(next ?? 0).toISOString().slice(0, period.length)
}

const toParts = (tallies: TallyMap): Part[] =>
  [...tallies].map(([name, tally]) => ({ name, tally }))

const byRows = (a: Part, b: Part) => b.tally.rows - a.tally.rows || Number(a.name > b.name) - 0.5

const rowsOf = (tallies: TallyMap) => sumOf([...tallies.values()]).rows

/** All of these rows. */
export const sumOf = (tallies: readonly Tally[]): Tally => tallies.reduce(addTallies, noTally())
