import { html } from 'hono/html'
import type { Breakdown, Part } from '../bulk/breakdown.ts'
import { baseLine, type Frame, gridLines, LABELS_BELOW, roundUp, scale, thirds } from './axis.ts'
import { across, type Html, name, period } from './format.ts'
import { shareCells, shareHeads } from './share-cells.ts'
import type { Sides } from './sides.ts'

const SHARES: Frame = { top: 12, height: 160 }
const VOLUME: Frame = { top: 12, height: 48 }

/** Fewer rows than this are a hollow point: a share of so few is mostly chance. */
const FEW = 10

/** The year of a day: there is no room for it, and the caption has it. */
const DAYS_YEAR = /(?<=^\d+ \w+) \d{4}$/

/** Steps between periods that are named under a plot, at most. */
const NAMED = 3

const HEADS: ReadonlyMap<string, string> = new Map([
  ['days', 'Day'],
  ['months', 'Month'],
  ['years', 'Year'],
])

/** A line of shares over time, bars of rows under it, and both in a table. */
export function byDate({ kind, parts, column }: Breakdown, sides: Sides): Html {
  const max = roundUp(Math.max(...parts.map(({ tally }) => tally.rows)))
  return html`<figure>
<figcaption>Share of ${name(sides.positive)} by ${name(column)}, in ${kind} ${spanOf(parts)}. A hollow point has fewer than ${FEW} rows.</figcaption>
<div class="plot">${scale(SHARES, ['0 %', '50 %', '100 %'])}<svg class="area" height="${SHARES.top + SHARES.height + LABELS_BELOW}" aria-hidden="true">
${gridLines(SHARES)}${baseLine(SHARES)}
<svg y="${SHARES.top}" width="100%" height="${SHARES.height}" viewBox="0 0 ${parts.length} 1" preserveAspectRatio="none"><path class="line" d="${pathOf(parts)}"/></svg>
${parts.map((part, i) => point(part, middleOf(i, parts.length)))}
${namesOf(parts, SHARES)}
</svg></div>
<p class="plot-name">Rows</p>
<div class="plot">${scale(VOLUME, thirds(max))}<svg class="area" height="${VOLUME.top + VOLUME.height + LABELS_BELOW}" aria-hidden="true">
${gridLines(VOLUME)}
${parts.map(({ tally }, i) => volume({ rows: tally.rows, max, i, of: parts.length }))}
${baseLine(VOLUME)}
</svg></div>
${table(parts, { kind, sides })}
</figure>`
}

const spanOf = (parts: readonly Part[]) =>
  `from ${period(parts.at(0)?.name ?? '')} to ${period(parts.at(-1)?.name ?? '')}`

const middleOf = (i: number, of: number) => (i + 0.5) / of

const shareOf = ({ tally }: Part) => tally.last / tally.rows

/** A line through the periods that have rows; it is broken where one has none. */
function pathOf(parts: readonly Part[]): string {
  const steps = parts.map((part, i) => {
    if (part.tally.rows === 0) return ''
    const goesOn = (parts[i - 1]?.tally.rows ?? 0) > 0
    return `${goesOn ? 'L' : 'M'}${i + 0.5} ${(1 - shareOf(part)).toFixed(4)}`
  })
  return steps.join('')
}

function point(part: Part, x: number): Html {
  if (part.tally.rows === 0) return html``
  const y = SHARES.top + (1 - shareOf(part)) * SHARES.height
  const kind = part.tally.rows < FEW ? 'point few' : 'point'
  return html`<circle class="${kind}" cx="${across(x)}" cy="${y.toFixed(1)}" r="3.5"/>`
}

interface Bar {
  readonly rows: number
  readonly max: number
  readonly i: number
  readonly of: number
}

function volume({ rows, max, i, of }: Bar): Html {
  const height = rows === 0 ? 0 : Math.max(1, (rows / max) * VOLUME.height)
  const y = VOLUME.top + VOLUME.height - height
  return html`<rect class="volume" x="${across((i + 0.15) / of)}" width="${across(0.7 / of)}" y="${y.toFixed(1)}" height="${height.toFixed(1)}"/>`
}

/** Names of some periods, evenly apart, the first and the last among them where it fits. */
function namesOf(parts: readonly Part[], { top, height }: Frame): Html {
  const step = Math.max(1, Math.ceil((parts.length - 1) / NAMED))
  return html`${parts.map((part, i) => {
    if (i % step > 0) return ''
    const x = across(middleOf(i, parts.length))
    return html`<text x="${x}" y="${top + height + 18}" text-anchor="middle">${period(part.name).replace(DAYS_YEAR, '')}</text>`
  })}`
}

const table = (
  parts: readonly Part[],
  { kind, sides }: { readonly kind: string; readonly sides: Sides },
): Html => html`<details><summary>The same as a table</summary>
<table><thead><tr><th scope="col">${HEADS.get(kind)}</th>${shareHeads(sides)}</tr></thead><tbody>${parts.map(
  ({ name: date, tally }) => html`
<tr><th scope="row">${period(date)}</th>${shareCells(tally, sides)}</tr>`,
)}
</tbody></table></details>`
