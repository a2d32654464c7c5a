import { html } from 'hono/html'
import { badRows, type Counts } from '../bulk/counts.ts'
import { legend, stackedBar } from './bar.ts'
import { type Html, name, number, percent, score } from './format.ts'
import type { Sides } from './sides.ts'

/** The figures that most readers want, and no more. */
export function overview(counts: Counts, sides: Sides): Html {
  const { all } = counts
  const tiles = [
    ...labelTiles(counts),
    ...unsureTiles(counts),
    ...qualityTiles(counts),
    badTile(counts),
  ]
  return html`<section aria-labelledby="overview">
<h2 id="overview">Overview</h2>
<figure><div class="whole">${stackedBar(all)}</div>${legend(sides)}</figure>
<dl class="tiles">${tiles.map(
    ({ title, figure, note }) => html`
<div><dt>${title}</dt><dd><strong>${figure}</strong>${note && html`<span>${note}</span>`}</dd></div>`,
  )}
</dl>
</section>
`
}

interface Tile {
  readonly title: string | Html
  readonly figure: string
  readonly note: string
}

const labelTiles = ({ labels, all }: Counts): readonly Tile[] =>
  Object.entries(labels)
    .toReversed()
    .map(([label, rows]) => ({
      title: name(label),
      figure: percent(rows, all.rows),
      note: `${number(rows)} of ${number(all.rows)}`,
    }))

function unsureTiles({ all, unsureRange, lastLabel }: Counts): readonly Tile[] {
  if (!unsureRange) return []
  const [from, to] = unsureRange
  const note = `${number(all.unsure)} with ${lastLabel} from ${from} to ${to}`
  return [{ title: 'Unsure', figure: percent(all.unsure, all.rows), note }]
}

const qualityTiles = ({ all, confidence, truncated }: Counts): readonly Tile[] => [
  {
    title: 'Confidence',
    figure: all.rows === 0 ? '–' : score(confidence / all.rows),
    note: 'mean score of the answers',
  },
  { title: 'Cut', figure: number(truncated), note: 'longer than the model reads' },
]

function badTile(counts: Counts): Tile {
  const kinds = Object.entries(counts.errors).filter(([, rows]) => rows > 0)
  return {
    title: 'Not classified',
    figure: number(badRows(counts)),
    note: kinds.map(([kind, rows]) => `${number(rows)} ${kind}`).join(', '),
  }
}

/** The outcome in one sentence. */
export function outcome({ all, lastLabel, unsureRange }: Counts): Html {
  if (all.rows === 0) return html`No row could be classified.`
  return html`${percent(all.last, all.rows)} of ${number(all.rows)} ${all.rows === 1 ? 'text is' : 'texts are'} ${name(lastLabel)}${unsureRange && html`; of ${percent(all.unsure, all.rows)} the model is unsure`}.`
}
