import { html } from 'hono/html'
import type { Tally } from '../bulk/tally.ts'
import { type Html, name, number, percent } from './format.ts'
import type { Sides } from './sides.ts'

/** Heads of the columns that say how rows divide. */
export const shareHeads = ({ positive, unsure }: Sides): Html =>
  html`<th scope="col" class="number">${name(positive)}</th>${unsure && html`<th scope="col" class="number">Unsure</th>`}<th scope="col" class="number">Rows</th>`

/** The cells under them. */
export const shareCells = ({ rows, last, unsure }: Tally, sides: Sides): Html =>
  html`<td class="number">${percent(last, rows)}</td>${sides.unsure && html`<td class="number">${percent(unsure, rows)}</td>`}<td class="number">${number(rows)}</td>`
