import { scaleLinear } from 'd3-scale'
import type { PanelShape } from '../grafana/shape.ts'
import { areaFor, drawMarks, drawRows, drawTimes, timeScale } from './axes.ts'
import type { Line, PanelData, Scenery, Size } from './data.ts'
import { pixels, text } from './svg.ts'
import { format } from './units.ts'

/** The scheme "Oranges" on a dark ground: few to many. */
const SCHEME = ['#3a1d0a', '#8c3a08', '#d9641b', '#fdae6b', '#fff0e0']
const SCALE = { bar: 90, height: 16 }

/** Seconds that one column covers. */
const COLUMN_SECONDS = 2

interface Bucket {
  readonly bound: number
  readonly counts: ReadonlyMap<number, number>
}

/** Buckets over time as Grafana draws them: a cell for each bucket and time, brighter for more. */
export function drawHeatmap(
  panel: PanelShape,
  { lines }: PanelData,
  { width, height, ...scenery }: Size & Scenery,
): string {
  const unit = unitOf(panel)
  const buckets = trimmed(toBuckets(lines))
  const bottom = height - SCALE.height - 26
  const labels = buckets.map(({ bound }) => (bound === Infinity ? '+Inf' : format(bound, unit)))
  const area = areaFor(labels, width, bottom)
  const row = (bottom - area.top) / Math.max(1, buckets.length)
  const every = Math.ceil(13 / row)
  const ticks = labels.flatMap((label, i) =>
    i % every === 0 ? { at: bottom - (i + 1) * row, label } : [],
  )
  const most = Math.max(0, ...buckets.flatMap(({ counts }) => [...counts.values()]))
  const x = timeScale(scenery, area)
  const column = x(scenery.start + COLUMN_SECONDS) - x(scenery.start)
  const cells = buckets.flatMap(({ counts }, i) =>
    [...counts].map(([time, count]) => {
      const width = Math.min(column, area.right - x(time)) - 0.5
      const shape = `M${pixels(x(time))} ${pixels(bottom - (i + 1) * row + 0.5)}h${pixels(width)}v${pixels(row - 1)}h-${pixels(width)}z`
      return { shape, colour: colourFor(count / most) }
    }),
  )
  return [
    drawRows(ticks, area),
    drawTimes(scenery, area),
    ...drawCells(cells),
    drawMarks(scenery, area),
    `<g transform="translate(${area.left} ${height - SCALE.height})">${drawScale(most)}</g>`,
  ].join('\n')
}

interface Cell {
  readonly shape: string
  readonly colour: string
}

/** One path for all cells of a colour. */
const drawCells = (cells: readonly Cell[]) =>
  [...Map.groupBy(cells, ({ colour }) => colour)].map(
    ([colour, own]) => `<path d="${own.map(({ shape }) => shape).join('')}" fill="${colour}"/>`,
  )

function unitOf({ options }: PanelShape): string {
  const axis = options.yAxis
  return axis && typeof axis === 'object' && 'unit' in axis ? String(axis.unit) : 'short'
}

/** Grafana takes the square root, so that few are told from none. */
const shade = scaleLinear<string>([0, 0.25, 0.5, 0.75, 1], SCHEME)
const SHADES = 24
const colourFor = (share: number) => shade(Math.round(Math.sqrt(share) * SHADES) / SHADES)

/** What each bucket alone has: Prometheus counts all that lie below its bound. */
function toBuckets(lines: readonly Line[]): Bucket[] {
  const sorted = lines
    .map(({ labels, points }) => ({
      bound: Number((labels.le ?? '').replace('+Inf', 'Infinity')),
      totals: new Map(points.map(([time, value]) => [Math.floor(time), value])),
    }))
    .toSorted((a, b) => a.bound - b.bound)
  return sorted.map(({ bound, totals }, i) => {
    const below = sorted[i - 1]?.totals
    const counts = new Map<number, number>()
    for (const [time, total] of totals) {
      const count = total - (below?.get(time) ?? 0)
      if (time % COLUMN_SECONDS === 0 && count > 1e-9) counts.set(time, count)
    }
    return { bound, counts }
  })
}

/** Without the empty buckets at both ends. */
function trimmed(buckets: readonly Bucket[]): readonly Bucket[] {
  const used = buckets.map(({ counts }) => counts.size > 0)
  return buckets.slice(Math.max(0, used.indexOf(true)), used.lastIndexOf(true) + 1)
}

function drawScale(most: number): string {
  const step = SCALE.bar / 30
  const parts = Array.from(
    { length: 30 },
    (_, i) =>
      `<rect x="${pixels(i * step)}" width="${pixels(step + 0.3)}" height="6" fill="${colourFor(i / 29)}"/>`,
  )
  return `${parts.join('')}${text([SCALE.bar + 8, 7], `0 to ${format(most, 'short')}`)}`
}
