import { scaleLinear } from 'd3-scale'
import type { PanelShape } from '../grafana/shape.ts'
import { timeScale } from './axes.ts'
import type { Line, PanelData, Scenery, Size } from './data.ts'
import { moved, type Point, path, text } from './svg.ts'
import { named, THEME } from './theme.ts'
import { format } from './units.ts'

/** The last value of each line, in the colour of its threshold, above its course. */
export function drawStat(
  panel: PanelShape,
  { lines }: PanelData,
  { width, height, ...scenery }: Size & Scenery,
): string {
  const own = { width, height: height / Math.max(1, lines.length) }
  return lines
    .map((line, i) => {
      const name = lines.length > 1 ? line.name : ''
      return moved([0, i * own.height], drawValue(panel, { ...line, name }, { ...own, ...scenery }))
    })
    .join('\n')
}

function drawValue(
  { fieldConfig }: PanelShape,
  { name, points }: Line,
  { width, height, ...scenery }: Size & Scenery,
): string {
  const { unit = 'short', decimals } = fieldConfig.defaults
  const last = points.at(-1)?.[1] ?? Number.NaN
  const colour = colourFor(fieldConfig.defaults, last)
  const written = format(last, unit, decimals)
  const large = Math.min(34, height * 0.4, (1.4 * width) / written.length)
  const size = `text-anchor="middle" fill="${colour}" font-size="${large.toFixed(0)}" font-weight="500"`
  const middle = height * 0.5 + large * 0.2
  const values = points.map(([, value]) => value)
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const area = { left: 0, right: width, top: 0, bottom: height }
  const x = timeScale(scenery, area)
  const y = scaleLinear([low, high > low ? high : low + 1], [height - 2, height * 0.72])
  const course = points.map(([time, value]): Point => [x(time), y(value)])
  const ground: Point[] = [
    ...course,
    [course.at(-1)?.[0] ?? 0, height],
    [course[0]?.[0] ?? 0, height],
  ]
  return [
    points.length > 1 ? path(ground, `fill="${colour}" opacity="0.15"`) : '',
    points.length > 1 ? path(course, `fill="none" stroke="${colour}" opacity="0.7"`) : '',
    text([width / 2, middle], written, size),
    name && text([width / 2, middle - large], name, `text-anchor="middle" fill="${THEME.text}"`),
  ].join('')
}

/** The colour of the last step that a value has reached. */
export function colourFor(
  { thresholds }: PanelShape['fieldConfig']['defaults'],
  value: number,
): string {
  const reached = thresholds?.steps.findLast((step) => step.value === null || value >= step.value)
  return named(reached?.color ?? 'text')
}
