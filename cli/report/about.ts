import { html } from 'hono/html'
import type { RunFacts } from './facts.ts'
import { type Html, moment, name, number } from './format.ts'

/** Files that are named. */
const FILES = 20

/** What was classified, when, by what and how. */
export function about({ inputs, startedAt, model, options }: RunFacts, rows: number): Html {
  const { id, version, source, license, digest } = model
  return html`<section aria-labelledby="about">
<h2 id="about">What was classified, and how</h2>
<dl class="facts">
<div><dt>${inputs.length === 1 ? 'File' : 'Files'}</dt><dd>${inputs.slice(0, FILES).map((input, i) => html`${i > 0 && html`<br>`}${name(input)}`)}${inputs.length > FILES && html`<br>and ${number(inputs.length - FILES)} more`}</dd></div>
<div><dt>Rows</dt><dd>${number(rows)}</dd></div>
<div><dt>Begun</dt><dd>${moment(startedAt)}</dd></div>
<div><dt>Model</dt><dd>${name(id)}${version !== null && html`, version ${name(version)}`}; from ${name(source)}</dd></div>
<div><dt>Licence of the model</dt><dd>${license === null ? 'not known' : name(license)}</dd></div>
<div><dt>Digest of the model</dt><dd><code>${digest}</code></dd></div>
${Object.entries(options).map(
  ([option, value]) => html`<div><dt><code>--${option}</code></dt><dd>${name(value)}</dd></div>
`,
)}
</dl>
<p class="note">A score is the model’s own estimate of how sure it is of a label. A text without an opinion gets a label like any other, often but not always an unsure one. The figures are about texts in bulk: they are not made to judge people.</p>
</section>
`
}
