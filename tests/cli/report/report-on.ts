import { stringify } from 'csv-stringify/sync'
import type { RunFacts } from '../../../cli/report/facts.ts'
import { toReportPage } from '../../../cli/report/page.ts'
import { classifyBytes, OPTIONS } from '../bulk/run.ts'

export const FACTS: RunFacts = {
  inputs: ['in.csv'],
  startedAt: OPTIONS.startedAt,
  model: { id: 'fake', source: 'the tests', version: '1', license: 'Apache-2.0', digest: 'abc' },
  options: { column: 'text' },
}

/** The report on a CSV file of these bytes. */
export async function reportOn(bytes: string, by: readonly string[] = []): Promise<string> {
  const { counts } = await classifyBytes({ name: 'in.csv', bytes, by, showRows: true })
  return await toReportPage(counts, FACTS)
}

const RUN = "document.documentElement.dataset.ran='yes'"

/** What would run if a page did not escape it. */
export const HOSTILE = `"'><script>${RUN}</script><img src=x onerror="${RUN}">`

const TEXTS = [
  HOSTILE,
  `</script><script>${RUN}</script>`,
  `</style></title></td></table><iframe srcdoc="<script>${RUN}</script>">`,
  `<!-- <svg onload=${RUN}>`,
  `&lt;b&gt; &amp; <b>bold</b>`,
  `<a href="javascript:${RUN}">love</a>`,
  'line\u2028and paragraph\u2029 separators',
  'half a pair: \ud83d, the other: \ude00',
  'nothing\u0000, escape \u001b[31m, bell \u0007, C1 \u0085',
  '\u202ereversed \u2066 isolated',
  'שלום, זה מוצר נהדר: love!',
  '{{constructor.constructor("alert(1)")()}}',
]

/** A table of texts that attack a page. */
export const hostileTable = (): string =>
  stringify([['text', HOSTILE], ...TEXTS.map((text) => [text, text])])
