import { html } from 'hono/html'
import type { Counts } from '../bulk/counts.ts'
import type { ShownRow } from '../bulk/shown-rows.ts'
import { foreign, type Html, rows as inRows, name, number, score } from './format.ts'
import type { Sides } from './sides.ts'

interface About {
  /** Of whose values a row is told. */
  readonly columns: readonly string[]
  /** Whether rows are of several files. */
  readonly several: boolean
}

/** Rows of a list in print: media.css has the same number. */
const PRINTED = 10

interface List {
  readonly id: string
  readonly title: Html
  readonly rows: readonly ShownRow[]
}

/** Rows to read: the ends of the scale, its middle and a sample; with a field that searches them. */
export function rowLists(
  counts: Counts,
  { positive, negative, unsure }: Sides,
  several: boolean,
): Html {
  const { shown } = counts
  if (!shown) return html``
  const about = { columns: counts.groups.map(({ column }) => column), several }
  const lists: readonly List[] = [
    { id: 'highest', title: html`Most ${name(positive)}`, rows: shown.highest },
    { id: 'lowest', title: html`Most ${name(negative)}`, rows: shown.lowest },
    ...(unsure ? [{ id: 'least-sure', title: html`Least sure`, rows: shown.leastSure }] : []),
  ]
  const sample = shown.sample.toSorted((a, b) => a.line - b.line)
  const isAll = sample.length === counts.all.rows
  return html`<section id="rows" aria-labelledby="rows-title">
<h2 id="rows-title">Rows</h2>
<p>Equal texts stand once in a list. <span class="screen-note">${isAll ? 'The search finds all rows.' : html`The search finds the rows of these lists and of a random sample of ${number(sample.length)} of all ${inRows(counts.all.rows)}; the output file has them all.`}</span></p>
<div role="search" hidden><label for="search">Search these rows</label><input id="search" type="search" autocomplete="off" spellcheck="false"><p id="found" role="status"></p></div>
${lists.map(
  (
    list,
  ) => html`<section class="list" aria-labelledby="${list.id}"><h3 id="${list.id}">${list.title}</h3>${table(list, about)}</section>
`,
)}
<details class="list sample"><summary><h3 id="sample">${isAll ? `All ${inRows(sample.length)}` : `A sample of ${inRows(sample.length)}`}</h3></summary>${table({ id: 'sample', rows: sample, title: html`` }, about)}</details>
</section>
`
}

function table({ id, rows }: List, about: About): Html {
  if (rows.length === 0) return html`<p>None.</p>`
  return html`<table class="rows" id="${id}-rows" aria-labelledby="${id}"><thead><tr><th scope="col">Score</th><th scope="col">Text</th></tr></thead><tbody>${rows.map(
    (row) => html`
<tr data-line="${foreign(row.input)}:${row.line}"><td class="answer">${name(row.label)}<br>${score(row.score)}</td><td><p lang="" dir="auto">${foreign(row.text)}${row.text.length < row.chars && '…'}</p><p class="about">${aboutOf(row, about)}</p></td></tr>`,
  )}
</tbody></table>
${rows.length > PRINTED && html`<p class="print-note">In print the first ${PRINTED} of ${number(rows.length)}.</p>`}`
}

/** Where a row stands, and what else is known of it. */
function aboutOf(row: ShownRow, { columns, several }: About): Html {
  const values = columns.map((column, i) => ({ column, value: row.values[i] ?? '' }))
  return html`line ${number(row.line)}${several && html` of ${name(row.input)}`}${values
    .filter(({ value }) => value !== '')
    .map(
      ({ column, value }) => html` · ${name(column)}: ${name(value)}`,
    )}${row.rows > 1 && html` · ${number(row.rows)} equal texts`}${row.text.length < row.chars && html` · the first of ${number(row.chars)} characters`}`
}
