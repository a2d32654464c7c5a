import { scaleLinear } from 'd3-scale'
import type { PanelShape } from '../grafana/shape.ts'
import { type Area, areaFor, drawMarks, drawRows, drawTimes, timeScale } from './axes.ts'
import type { Line, PanelData, Scenery, Size } from './data.ts'
import { drawLegend } from './legend.ts'
import { type Point, path, pixels } from './svg.ts'
import { colourOf, named } from './theme.ts'
import { format } from './units.ts'

interface Places {
  readonly area: Area
  readonly x: (seconds: number) => number
  readonly y: (value: number) => number
}

/** Lines over time as Grafana draws them: objective, marks, exemplars and legend. */
export function drawTimeseries(
  panel: PanelShape,
  { lines, exemplars }: PanelData,
  { width, height, ...scenery }: Size & Scenery,
): string {
  const { unit = 'short', custom } = panel.fieldConfig.defaults
  const stacked = custom?.stacking?.mode === 'normal'
  const shown = stacked ? stack(lines) : lines.map((line) => ({ ...line, floor: undefined }))
  const legend = drawLegend(
    lines.map(({ name }, i) => ({ name, colour: colourOf(i) })),
    width,
  )
  const bottom = height - legend.height - 22
  const scale = valueScale(panel, shown).range([bottom, 6])
  const ticks = ticksOf(panel, scale.domain()[1] ?? 1, Math.max(2, Math.round(bottom / 32)))
  const labels = ticks.map((tick) => format(tick, unit))
  const area = areaFor(labels, width, bottom)
  const places = { area, x: timeScale(scenery, area), y: scale }
  const rows = ticks.map((tick, i) => ({ at: scale(tick), label: labels[i] ?? '' }))
  return [
    drawRows(rows, area),
    drawTimes(scenery, area),
    ...shown.map((line, i) => drawLine(line, places, colourOf(i))).toReversed(),
    drawThresholds(panel, places),
    drawMarks(scenery, area),
    ...thinned(exemplars, scenery)
      .filter(([, value]) => value <= Number(scale.domain()[1]))
      .map((one) => drawExemplar(one, places)),
    `<g transform="translate(0 ${height - legend.height})">${legend.body}</g>`,
  ].join('\n')
}

/** Round in the unit that is shown: whole for what is counted, by powers of two for bytes. */
function ticksOf({ fieldConfig }: PanelShape, top: number, count: number): number[] {
  const { unit, decimals, min = 0 } = fieldConfig.defaults
  const size = unit === 'bytes' ? 2 ** (10 * Math.floor(Math.log2(Math.max(top, 1)) / 10)) : 1
  const ticks = scaleLinear([min / size, top / size], [0, 1]).ticks(count)
  return ticks.filter((tick) => decimals !== 0 || Number.isInteger(tick)).map((tick) => tick * size)
}

interface Stacked extends Line {
  /** What it stands on, if it is stacked. */
  readonly floor: Line['points'] | undefined
}

function stack(lines: readonly Line[]): Stacked[] {
  const below = new Map<number, number>()
  return lines.map((line) => {
    const floor = line.points.map(([time]) => [time, below.get(time) ?? 0] as const)
    const points = line.points.map(
      ([time, value]) => [time, value + (below.get(time) ?? 0)] as const,
    )
    for (const [time, value] of points) below.set(time, value)
    return { ...line, points, floor }
  })
}

function valueScale({ fieldConfig }: PanelShape, lines: readonly Line[]) {
  const { min, max, custom } = fieldConfig.defaults
  const values = lines.flatMap(({ points }) => points.map(([, value]) => value))
  const top = max ?? Math.max(custom?.axisSoftMax ?? 0, ...values)
  const low = min ?? Math.min(0, ...values)
  const scale = scaleLinear([low, top > low ? top : low + 1], [0, 1])
  return max === undefined ? scale.nice(4) : scale
}

/** Longer gaps are left open. */
const GAP_SECONDS = 5

/** The parts of a line between gaps. */
function partsOf(points: Line['points']): Line['points'][] {
  const parts: (readonly [number, number])[][] = []
  for (const point of points) {
    const last = parts.at(-1)?.at(-1)
    if (last && point[0] - last[0] <= GAP_SECONDS) parts.at(-1)?.push(point)
    else parts.push([point])
  }
  return parts
}

function drawLine({ points, floor }: Stacked, { x, y }: Places, colour: string): string {
  const place = ([time, value]: readonly [number, number]): Point => [x(time), y(value)]
  const lines = partsOf(points).map((part) =>
    path(part.map(place), `fill="none" stroke="${colour}" stroke-width="1.4"`),
  )
  if (!floor || points.length === 0) return lines.join('')
  const outline = [...points.map(place), ...floor.map(place).toReversed()]
  return path(outline, `fill="${colour}" opacity="0.4"`) + lines.join('')
}

function drawThresholds({ fieldConfig }: PanelShape, { area, y }: Places): string {
  const { thresholds, custom } = fieldConfig.defaults
  if (!custom?.thresholdsStyle || custom.thresholdsStyle.mode === 'off') return ''
  return (thresholds?.steps ?? [])
    .flatMap(({ color, value }) => {
      const at = value === null ? Number.NaN : y(value)
      if (!(at >= area.top && at <= area.bottom)) return []
      return `<path d="M${pixels(area.left)} ${pixels(at)}H${pixels(area.right)}" stroke="${named(color)}" stroke-width="1.4" stroke-dasharray="8 6"/>`
    })
    .join('')
}

/** As Grafana shows only some of them: the largest of each stretch of time. */
const MOST_EXEMPLARS = 40
function thinned(exemplars: PanelData['exemplars'], { start, end }: Scenery) {
  const stretch = (end - start) / MOST_EXEMPLARS
  const groups = Map.groupBy(exemplars, ([time]) => Math.floor((time - start) / stretch))
  return [...groups.values()].flatMap((group) =>
    group.toSorted(([, a], [, b]) => b - a).slice(0, 1),
  )
}

/** A request that is linked to its trace. */
function drawExemplar([time, value]: readonly [number, number], { x, y }: Places): string {
  const at = `translate(${pixels(x(time))} ${pixels(y(value))}) rotate(45)`
  return `<rect x="-2.5" y="-2.5" width="5" height="5" transform="${at}" fill="#8ab8ff" stroke="#111217" stroke-width="0.5"/>`
}
