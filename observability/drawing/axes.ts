import { scaleUtc } from 'd3-scale'
import type { Scenery } from './data.ts'
import { path, pixels, text, widthOf } from './svg.ts'
import { THEME } from './theme.ts'

/** Where a plot's axes run, in pixels. */
export interface Area {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export interface Tick {
  readonly at: number
  readonly label: string
}

const DIM = `fill="${THEME.faint}"`
const GRID = `fill="none" stroke="${THEME.grid}"`

/** An area whose left edge leaves room for these labels. */
export function areaFor(labels: readonly string[], width: number, bottom: number): Area {
  const widest = Math.max(...labels.map(widthOf), 24)
  return { left: widest + 14, right: width - 10, top: 6, bottom }
}

/** Lines across the area, with labels at its left. */
export const drawRows = (ticks: readonly Tick[], { left, right }: Area): string =>
  ticks
    .map(
      ({ at, label }) =>
        path(
          [
            [left, at],
            [right, at],
          ],
          GRID,
        ) + text([left - 6, at + 4], label, `text-anchor="end" ${DIM}`),
    )
    .join('')

/** A function from seconds to pixels. */
export function timeScale({ start, end }: Scenery, { left, right }: Area) {
  const scale = scaleUtc([left, right]).domain([new Date(start * 1000), new Date(end * 1000)])
  return (seconds: number) => scale(new Date(seconds * 1000))
}

/** Pixels that a time of day takes. */
const LABEL = 50

/** Times of day, in UTC, below the area. */
export function drawTimes(scenery: Scenery, area: Area): string {
  const { start, end } = scenery
  const at = timeScale(scenery, area)
  const count = Math.max(2, Math.floor((area.right - area.left) / 75))
  const ticks = scaleUtc()
    .domain([new Date(start * 1000), new Date(end * 1000)])
    .ticks(count)
  return ticks
    .map((time) => ({ time, x: at(time.getTime() / 1000) }))
    .filter(({ x }) => x < area.right - LABEL / 2)
    .map(({ time, x }) => {
      const line = `<path d="M${pixels(x)} ${area.top}V${pixels(area.bottom)}" ${GRID}/>`
      const label = time.toISOString().slice(11, 19)
      return line + text([x, area.bottom + 15], label, `text-anchor="middle" ${DIM}`)
    })
    .join('')
}

/** What happened: a dashed line where it began, and a bar below the area for as long as it lasted. */
export function drawMarks(scenery: Scenery, area: Area): string {
  const at = timeScale(scenery, area)
  const within = scenery.marks.filter(({ from, to }) => to >= scenery.start && from <= scenery.end)
  return within
    .map(({ colour, from, to }) => {
      const [first, last] = [at(Math.max(from, scenery.start)), at(Math.min(to, scenery.end))]
      const edges = from === to ? [first] : [first, last]
      const lines = edges.map(
        (x) =>
          `<path d="M${pixels(x)} ${area.top}V${pixels(area.bottom)}" stroke="${colour}" stroke-dasharray="3 3"/>`,
      )
      const width = Math.max(last - first, 6)
      const left = from === to ? first - 3 : first
      const band = `<rect x="${pixels(first)}" y="${area.top}" width="${pixels(last - first)}" height="${pixels(area.bottom - area.top)}" fill="${colour}" opacity="0.12"/>`
      const bar = `<rect x="${pixels(left)}" y="${pixels(area.bottom)}" width="${pixels(width)}" height="4" fill="${colour}"/>`
      return band + lines.join('') + bar
    })
    .join('')
}
