import { html } from 'hono/html'
import { type Html, number } from './format.ts'

const STEPS = [2, 4, 6, 8, 10, 20]

/** The next round number whose half is whole: for the end of an axis. */
export function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)))
  return power * (STEPS.find((factor) => factor * power >= value) ?? 1)
}

/** Pixels under a plot for what its marks say. */
export const LABELS_BELOW = 24

/** Where a plot has its lines, in pixels. */
export interface Frame {
  readonly top: number
  readonly height: number
}

/** Names of the lines at the bottom, in the middle and at the top. */
export const thirds = (max: number): readonly string[] => [0, max / 2, max].map(number)

/** The scale on the left of a plot: a picture of its own, since the plot is as wide as there is room. */
export const scale = ({ top, height }: Frame, [low, middle, high]: readonly string[]): Html =>
  html`<svg class="scale" height="${top + height + LABELS_BELOW}" aria-hidden="true">
<text x="44" y="${top + height + 4}">${low}</text><text x="44" y="${top + height / 2 + 4}">${middle}</text><text x="44" y="${top + 4}">${high}</text>
</svg>`

export const gridLines = ({ top, height }: Frame): Html =>
  html`${[top, top + height / 2].map((y) => line(y, 'grid'))}`

export const baseLine = ({ top, height }: Frame): Html => line(top + height, 'base')

const line = (y: number, kind: string): Html =>
  html`<line class="${kind}" x1="0" x2="100%" y1="${y + 0.5}" y2="${y + 0.5}"/>`
