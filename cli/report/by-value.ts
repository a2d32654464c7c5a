import { html } from 'hono/html'
import { type Breakdown, type Part, sumOf } from '../bulk/breakdown.ts'
import { legend, stackedBar } from './bar.ts'
import { type Html, name, number, rows } from './format.ts'
import { shareCells, shareHeads } from './share-cells.ts'
import type { Sides } from './sides.ts'

/** Values that have a bar of their own. */
const BARS = 20

/** A bar for each of the most frequent values, and one for the rest: the table is the chart. */
export function byValue({ column, parts, empty }: Breakdown, sides: Sides): Html {
  const shown = parts.slice(0, BARS).toSorted(byShare)
  const rest = parts.slice(BARS)
  return html`<figure>
<figcaption>${captionOf(shown.length, rest.length)}</figcaption>
${legend(sides)}
<table class="bars"><thead><tr><th scope="col">${name(column)}</th>${shareHeads(sides)}</tr></thead><tbody>
${shown.map((part) => row(name(part.name), part, sides))}
${rest.length > 0 && row(html`${number(rest.length)} other ${rest.length === 1 ? 'value' : 'values'}`, { tally: sumOf(rest.map(({ tally }) => tally)) }, sides)}
${empty.rows > 0 && row(html`without a value`, { tally: empty }, sides)}
</tbody></table>
</figure>`
}

function captionOf(shown: number, rest: number): string {
  const which =
    rest > 0 ? `The ${number(shown)} most frequent of ${number(shown + rest)} values` : 'All values'
  return `${which}, the most positive first.`
}

const row = (words: Html, { tally }: Pick<Part, 'tally'>, sides: Sides): Html => html`
<tr><th scope="row"><div><span>${words}</span>${stackedBar(tally)}</div></th>${shareCells(tally, sides)}</tr>`

const shareOf = ({ tally }: Part) => tally.last / Math.max(1, tally.rows)

const byShare = (a: Part, b: Part) => shareOf(b) - shareOf(a) || b.tally.rows - a.tally.rows

/** What is said of rows that a column's chart does not show as it shows the others. */
export const noteOn = ({ notDates, ambiguous, empty, kind }: Breakdown): Html => html`
${notDates.rows > 0 && html`<p class="note">${rows(notDates.rows)} without a date that is recognised, such as ${notDates.examples.map((example, i) => html`${i > 0 && ', '}<q>${name(example)}</q>`)}.</p>`}
${ambiguous > 0 && html`<p class="note">${rows(ambiguous)} with a date such as 03/04/2024, of which nothing here tells which number is the day: write 2024-04-03.</p>`}
${empty.rows > 0 && kind !== 'values' && html`<p class="note">${rows(empty.rows)} without a value.</p>`}`
