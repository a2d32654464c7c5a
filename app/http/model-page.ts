import { html, raw } from 'hono/html'
import { Marked, Renderer, type Tokens } from 'marked'
import { type Card, picturePath } from './card.ts'
import type { Info } from './schema.ts'

/** The model card as a page: what the process serves, and what the model's folder says of it. */
export function renderModelPage(card: Card | undefined, info: Info): string {
  return String(html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>Polarity: the model ${info.model.id}</title>
  <link rel="icon" href="/web/icon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/web/theme.css">
  <link rel="stylesheet" href="/web/card.css">
</head>
<body>
  <a class="skip" href="#card">Skip to the card</a>
  <header class="top">
    <a class="brand" href="/"><img src="/web/icon.svg" alt="" width="28" height="28">Polarity</a>
    <nav aria-label="Pages"><a href="/">Try it</a> <a href="/model" aria-current="page">Model card</a> <a href="/docs">API</a></nav>
  </header>
  <main id="card" class="card">
    ${raw(bodyOf(card, info))}
    <h2>As it is served here</h2>
    <dl>${factsOf(info).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    <p>The same as JSON: <a href="/info">/info</a>.</p>
  </main>
</body>
</html>
`)
}

const READS = {
  truncate: (tokens: number) => `up to ${tokens} tokens of a text, and not the rest`,
  window: (tokens: number) => `the first and the last ${tokens} tokens of a text`,
}

function factsOf({ model, numerics, long_texts, version }: Info): [string, string][] {
  const { unsure } = model.card ?? {}
  return [
    ['Model', model.version === null ? model.id : `${model.id}, version ${model.version}`],
    ['Labels', model.labels.join(', ')],
    ['Reads', READS[long_texts](model.max_tokens)],
    ['Unsure', unsure ? `${model.labels.at(-1)} from ${unsure[0]} to ${unsure[1]}` : 'not said'],
    ['Digest', model.digest],
    ['Numerics class', numerics],
    ['Polarity', version],
  ]
}

function bodyOf(card: Card | undefined, info: Info): string {
  if (card) {
    const renderer = new CardRenderer(card)
    return new Marked().parse(card.markdown, { renderer, async: false })
  }
  return String(html`<h1>Model card: ${info.model.id}</h1>
    <p>The folder of this model has no card (README.md), so nobody says here what it is for and how often it is right.</p>`)
}

/** Renders a card without what it must not have: HTML, scripts' addresses, links that lead nowhere. */
class CardRenderer extends Renderer {
  readonly #pictures: Card['pictures']
  #tables = 0

  constructor({ pictures }: Card) {
    super()
    this.#pictures = pictures
  }

  override html({ text }: Tokens.HTML | Tokens.Tag): string {
    return String(html`${text}`)
  }

  /** What leads to a file of the repository is a name here. */
  override link({ href, tokens }: Tokens.Link): string {
    const text = this.parser.parseInline(tokens)
    return /^https?:/.test(href) ? String(html`<a href="${href}">${raw(text)}</a>`) : text
  }

  override image({ href, text }: Tokens.Image): string {
    if (!this.#pictures.has(href)) return String(html`${text}`)
    return String(html`<img src="${picturePath(href)}" alt="${text}">`)
  }

  /** Wide tables scroll by themselves, by keyboard too. */
  override table(token: Tokens.Table): string {
    this.#tables++
    return `<div class="scroll" tabindex="0" role="group" aria-label="Table ${this.#tables}">${super.table(token)}</div>`
  }
}
