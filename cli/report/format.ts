import { html } from 'hono/html'
import { fromMillionths } from '../bulk/tally.ts'

/** A part of the page, escaped. */
export type Html = ReturnType<typeof html>

const NARROW_SPACE = '\u202f'
const SCORE_DIGITS = 3

export const number = (value: number): string => value.toLocaleString('en')

/** One digit, as `61.3 %`; what is not all or nothing never looks so. */
export function percent(part: number, all: number): string {
  if (all === 0) return '–'
  const exact = (100 * part) / all
  const inside = part > 0 && part < all ? Math.min(99.9, Math.max(0.1, exact)) : exact
  return `${inside.toFixed(1)}${NARROW_SPACE}%`
}

export const score = (millionths: number): string =>
  fromMillionths(millionths).toFixed(SCORE_DIGITS)

/** `1 row`, `2 rows`. */
export const rows = (count: number): string => `${number(count)} ${count === 1 ? 'row' : 'rows'}`

/** For an attribute of SVG, where 0 to 1 is the whole width. */
export const across = (share: number): string => `${(100 * share).toFixed(2)}%`

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** `2025`, `2025-03` or `2025-03-05` as people write it. */
export function period(name: string): string {
  const [year = '', month, day] = name.split('-')
  const words = [day && String(Number(day)), month && MONTHS[Number(month) - 1], year]
  return words.filter(Boolean).join(' ')
}

/** A time in ISO 8601 as `5 Mar 2025, 17:04 UTC`. */
export const moment = (iso: string): string =>
  `${period(iso.slice(0, 10))}, ${iso.slice(11, 16)} UTC`

/** Characters that a page must not hold, or that show nothing. */
const CONTROLS = /[^\P{Cc}\t\n]/gu

/** A text of others: half a surrogate pair and control characters become U+FFFD; line breaks stay. */
export const foreign = (text: string): string =>
  text.toWellFormed().replaceAll(/\r\n?/g, '\n').replaceAll(CONTROLS, '\ufffd')

/** A name of others amid words of the page, whichever way it is read. */
export const name = (text: string): Html => html`<bdi>${foreign(text)}</bdi>`
