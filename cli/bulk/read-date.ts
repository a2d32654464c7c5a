/** Years that are taken for years; other numbers of four digits may be anything. */
const YEARS = { from: 1900, to: 2100 }

const MONTHS =
  'january february march april may june july august september october november december'.split(' ')
const LETTERS = 3
const MONTH = `sept|${MONTHS.map((name) => `${name.slice(0, LETTERS)}(?:${name.slice(LETTERS)})?`).join('|')}`

const WEEKDAY = /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[ ,]+/i

/** A time of day, with whatever stands for its zone. */
const TIME =
  /(?:^|[ T])\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?[ap]m)?(?: ?(?:z|utc|gmt))?(?: ?[+-]\d\d(?::?\d\d)?)?(?: ?\([^)]*\))?(?=$| )/i

const YEAR_FIRST = /^(?<year>\d{4})(?:([-/])(?<month>\d\d?)(?:\2(?<day>\d\d?))?)?$/
const YEAR_FIRST_DOTS = /^(?<year>\d{4})\.(?<month>\d\d?)\.(?<day>\d\d?)$/
const COMPACT = /^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)$/
const DAY_FIRST_DOTS = /^(?<day>\d\d?)\.(?<month>\d\d?)\.(?<year>\d{4})$/
const EITHER_FIRST = /^(?<first>\d\d?)([-/])(?<second>\d\d?)\2(?<year>\d{4})$/
const DAY_AND_NAME = new RegExp(
  `^(?:(?<day>\\d\\d?)(?:st|nd|rd|th)?[ -])?(?<name>${MONTH})\\.?[ -](?<year>\\d{4})$`,
  'i',
)
const NAME_AND_DAY = new RegExp(
  `^(?<name>${MONTH})\\.? (?<day>\\d\\d?)(?:st|nd|rd|th)? (?<year>\\d{4})$`,
  'i',
)

const FORMS = [
  YEAR_FIRST,
  YEAR_FIRST_DOTS,
  COMPACT,
  DAY_FIRST_DOTS,
  DAY_AND_NAME,
  NAME_AND_DAY,
] as const

/** Longer than any date with a time and a zone. */
const MOST = 80

/** In front of a date whose day and month may be meant the other way round. */
const EITHER = '?'

/**
 * A date as programs and people write it, without its time, as `2024`, `2024-03` or `2024-03-05`. One such
 * as 03/04/2024 is `?2024-03-04`, in the order of its numbers. `undefined` for anything else.
 */
export function readDate(value: string): string | undefined {
  if (value.length > MOST || !/\d{4}/.test(value)) return undefined
  const date = value.replace(WEEKDAY, '').replace(TIME, '').replaceAll(/[ ,]+/g, ' ').trim()
  const either = EITHER_FIRST.exec(date)?.groups
  if (either) return readEither(either)
  for (const form of FORMS) {
    const groups = form.exec(date)?.groups
    if (groups) return toDate(groups)
  }
  return undefined
}

type Groups = Readonly<Record<string, string | undefined>>

function readEither({ year, first, second }: Groups): string | undefined {
  const dayFirst = toDate({ year, month: second, day: first })
  const monthFirst = toDate({ year, month: first, day: second })
  if (!dayFirst && !monthFirst) return undefined
  return `${EITHER}${year}-${two(first)}-${two(second)}`
}

/** A date that exists, by its parts; the name of a month may stand for its number. */
function toDate({ year, month, name, day }: Groups): string | undefined {
  if (Number(year) < YEARS.from || Number(year) > YEARS.to) return undefined
  const number = name === undefined ? month : String(numberOf(name))
  if (number === undefined) return year
  if (Number(number) < 1 || Number(number) > MONTHS.length) return undefined
  const ofMonth = `${year}-${two(number)}`
  if (day === undefined) return ofMonth
  return isDayOf(ofMonth, Number(day)) ? `${ofMonth}-${two(day)}` : undefined
}

function isDayOf(month: string, day: number): boolean {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return day >= 1 && day <= new Date(Date.UTC(year, number, 0)).getUTCDate()
}

const numberOf = (name: string) =>
  MONTHS.findIndex((month) => month.startsWith(name.slice(0, LETTERS).toLowerCase())) + 1

const two = (number: string | number | undefined) => String(number).padStart(2, '0')

/**
 * In which order a column writes day and month, by those of its dates that can be read in one way only;
 * `undefined` if none can, or if they differ.
 */
export function orderOf(dates: Iterable<string>): 'day first' | 'month first' | undefined {
  const orders = new Set<'day first' | 'month first'>()
  for (const date of dates) {
    if (!date.startsWith(EITHER)) continue
    const [, first, second] = date.split('-').map(Number)
    if (Number(first) > MONTHS.length) orders.add('day first')
    if (Number(second) > MONTHS.length) orders.add('month first')
  }
  const [order] = orders
  return orders.size === 1 ? order : undefined
}

/** A date in the order that its column has. */
export function inOrder(date: string, order: ReturnType<typeof orderOf>): string | undefined {
  if (!date.startsWith(EITHER)) return date
  const [year, first, second] = date.slice(EITHER.length).split('-')
  if (order === 'day first') return toDate({ year, month: second, day: first })
  if (order === 'month first') return toDate({ year, month: first, day: second })
  return undefined
}
