import { html } from 'hono/html'
import type { Counts } from '../bulk/counts.ts'
import { baseLine, type Frame, gridLines, LABELS_BELOW, roundUp, scale, thirds } from './axis.ts'
import { across, type Html, name, number } from './format.ts'
import type { Sides } from './sides.ts'

const FRAME: Frame = { top: 28, height: 168 }
const TICKS = [0, 0.25, 0.5, 0.75, 1]

/** Share of a bar's room that stays free beside it. */
const GAP = 0.12

/** How the scores of the last label are spread: in bars, and in a table. */
export function histogram({ histogram: bars }: Counts, sides: Sides): Html {
  const max = roundUp(Math.max(...bars))
  const bottom = FRAME.top + FRAME.height
  return html`<section aria-labelledby="scores">
<h2 id="scores">Scores</h2>
<figure>
<figcaption>Rows by their score of ${name(sides.positive)}.${zoneWords(sides)}</figcaption>
<div class="plot">${scale(FRAME, thirds(max))}<svg class="area" height="${bottom + LABELS_BELOW}" aria-hidden="true">
${gridLines(FRAME)}
${bars.map((rows, i) => bar({ rows, max, middle: (i + 0.5) / bars.length, width: 1 / bars.length, sides }))}
${baseLine(FRAME)}
${zones(sides)}
${TICKS.map((x) => html`<text x="${across(x)}" y="${bottom + 18}" text-anchor="${anchorOf(x)}">${x}</text>`)}
</svg></div>
${table(bars)}
</figure>
</section>
`
}

function zoneWords({ negative, positive, unsure }: Sides): Html {
  if (!unsure) return html``
  const [from, to] = unsure
  return html` From ${from} to ${to} an answer is unsure; below it is ${name(negative)}, above ${name(positive)}.`
}

function zones({ negative, positive, unsure }: Sides): Html {
  if (!unsure) return html``
  return html`
${unsure.map((x) => html`<line class="bound" x1="${across(x)}" x2="${across(x)}" y1="20" y2="${FRAME.top + FRAME.height}"/>`)}
${zone(0, negative)}${zone(0.5, 'unsure')}${zone(1, positive)}`
}

const zone = (x: number, words: string): Html =>
  html`<text class="zone" x="${across(x)}" y="14" text-anchor="${anchorOf(x)}">${words}</text>`

function anchorOf(x: number): string {
  if (x === 0) return 'start'
  return x === 1 ? 'end' : 'middle'
}

interface Bar {
  readonly rows: number
  readonly max: number
  /** Shares of the width. */
  readonly middle: number
  readonly width: number
  readonly sides: Sides
}

function bar({ rows, max, middle, width, sides }: Bar): Html {
  // A bar of few rows among many is still to be seen.
  const height = rows === 0 ? 0 : Math.max(1.5, (rows / max) * FRAME.height)
  const side = middle < 0.5 ? 'negative' : 'positive'
  const { unsure } = sides
  const isUnsure = unsure !== null && middle > unsure[0] && middle < unsure[1]
  const fill = isUnsure ? html` fill="url(#unsure-${side})"` : html``
  const x = middle - (width * (1 - GAP)) / 2
  const y = FRAME.top + FRAME.height - height
  return html`<rect class="${side}" x="${across(x)}" width="${across(width * (1 - GAP))}" y="${y.toFixed(1)}" height="${height.toFixed(1)}"${fill}/>
`
}

function table(bars: readonly number[]): Html {
  const edge = (i: number) => (i / bars.length).toFixed(2)
  return html`<details><summary>The same as a table</summary>
<table><thead><tr><th scope="col">Score</th><th scope="col" class="number">Rows</th></tr></thead><tbody>${bars.map(
    (rows, i) => html`
<tr><th scope="row">${edge(i)} to ${edge(i + 1)}</th><td class="number">${number(rows)}</td></tr>`,
  )}
</tbody></table></details>`
}
