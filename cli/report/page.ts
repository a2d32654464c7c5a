import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { html, raw } from 'hono/html'
import { type Breakdown, toBreakdown } from '../bulk/breakdown.ts'
import type { Counts } from '../bulk/counts.ts'
import { MAX_VALUES } from '../bulk/group.ts'
import { about } from './about.ts'
import { PATTERNS } from './bar.ts'
import { byDate } from './by-date.ts'
import { byValue, noteOn } from './by-value.ts'
import type { RunFacts } from './facts.ts'
import { foreign, type Html, moment, name, number } from './format.ts'
import { histogram } from './histogram.ts'
import { outcome, overview } from './overview.ts'
import { rowLists } from './rows.ts'
import { type Sides, sidesOf } from './sides.ts'

/** In order. */
const STYLES = ['page.css', 'charts.css', 'tables.css', 'media.css']

/**
 * The report as one page of HTML that loads nothing: it may be opened from a disk or sent by mail. Its
 * policy lets its own style and script run and nothing else, and the script only hides and shows rows.
 */
export async function toReportPage(counts: Counts, facts: RunFacts): Promise<string> {
  const style = (await Promise.all(STYLES.map(readAsset))).join('\n')
  const script = await readAsset('search.js')
  const sides = sidesOf(counts)
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(style, script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${foreign(titleOf(facts))} – sentiment report</title>
<style>${raw(style)}</style>
</head>
<body>
${PATTERNS}
<header>
<p>Sentiment report</p>
<h1>${name(titleOf(facts))}</h1>
<p class="outcome">${outcome(counts)}</p>
<p class="note">${moment(facts.startedAt)}, by ${name(facts.model.id)}</p>
</header>
<main>
${overview(counts, sides)}
${histogram(counts, sides)}
${counts.groups.map((group, i) => byColumn(toBreakdown(group), { sides, id: `by-${i}` }))}
${rowLists(counts, sides, facts.inputs.length > 1)}
${about(facts, counts.rows)}
</main>
<script>${raw(script)}</script>
</body>
</html>
`
  return String(await page)
}

function titleOf({ inputs }: RunFacts): string {
  const [first = 'standard input'] = inputs
  return inputs.length > 1 ? `${first} and ${number(inputs.length - 1)} more` : first
}

function byColumn(
  breakdown: Breakdown,
  { sides, id }: { readonly sides: Sides; readonly id: string },
): Html {
  return html`<section aria-labelledby="${id}">
<h2 id="${id}">By ${name(breakdown.column)}</h2>
${chartOf(breakdown, sides)}
${noteOn(breakdown)}
</section>
`
}

function chartOf(breakdown: Breakdown, sides: Sides): Html {
  if (breakdown.kind === 'too_many_values') {
    return html`<p>Too many values to tell apart: over ${number(MAX_VALUES)}, and no dates.</p>`
  }
  return breakdown.kind === 'values' ? byValue(breakdown, sides) : byDate(breakdown, sides)
}

const readAsset = (file: string) => readFile(join(import.meta.dirname, file), 'utf8')

const policyOf = (style: string, script: string) =>
  [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    `script-src ${hashOf(script)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')

const hashOf = (source: string) =>
  `'sha256-${createHash('sha256').update(source).digest('base64')}'`
