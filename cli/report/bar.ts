import { html } from 'hono/html'
import type { Tally } from '../bulk/tally.ts'
import { across, type Html, name } from './format.ts'
import type { Sides } from './sides.ts'

/** The patterns that tell unsure rows from others without their colour; once in a page. */
export const PATTERNS: Html = html`<svg class="patterns" aria-hidden="true"><defs>${[
  'negative',
  'positive',
].map(
  (side) => html`
<pattern id="unsure-${side}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="pale ${side}" width="6" height="6"/><rect class="${side}" width="2" height="6"/></pattern>`,
)}
</defs></svg>`

interface Segment {
  readonly kind: string
  readonly fill?: string
  readonly rows: number
}

/** From surely not the last label to surely the last label. */
const segmentsOf = ({ rows, last, unsure, unsureLast }: Tally): readonly Segment[] => {
  const unsureOther = unsure - unsureLast
  return [
    { kind: 'negative', rows: rows - last - unsureOther },
    { kind: 'negative', fill: 'url(#unsure-negative)', rows: unsureOther },
    { kind: 'positive', fill: 'url(#unsure-positive)', rows: unsureLast },
    { kind: 'positive', rows: last - unsureLast },
  ]
}

/** One bar of four parts, as wide as its place; what it shows stands in words beside it. */
export function stackedBar(tally: Tally): Html {
  let start = 0
  const parts = segmentsOf(tally).map((segment) => {
    const from = start
    start += segment.rows
    return { ...segment, from }
  })
  const all = Math.max(1, tally.rows)
  return html`<svg class="bar" aria-hidden="true">${parts
    .filter((part) => part.rows > 0)
    .map(
      ({ kind, fill, rows, from }) =>
        html`<rect class="${kind}" x="${across(from / all)}" width="${across(rows / all)}" height="100%"${fillOf(fill)}/>`,
    )}</svg>`
}

const fillOf = (fill: string | undefined): Html => (fill ? html` fill="${fill}"` : html``)

/** What the four parts of bars are. */
export function legend({ negative, positive, unsure }: Sides): Html {
  const entries = [
    ['negative', '', negative, ''],
    ['negative', 'url(#unsure-negative)', negative, ', unsure'],
    ['positive', 'url(#unsure-positive)', positive, ', unsure'],
    ['positive', '', positive, ''],
  ] as const
  return html`<ul class="legend">${entries
    .filter(([, fill]) => unsure || !fill)
    .map(
      ([kind, fill, label, words]) =>
        html`<li><svg class="key" aria-hidden="true"><rect class="${kind}" width="100%" height="100%"${fillOf(fill)}/></svg><span>${name(label)}${words}</span></li>`,
    )}</ul>`
}
