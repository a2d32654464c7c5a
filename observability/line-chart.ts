import { scaleLinear, scaleLog } from 'd3-scale'
import { pixels, text } from './drawing/svg.ts'

export interface Axis {
  /** Stands beside the axis; none by default. */
  readonly name?: string
  readonly log?: boolean
  /** Where a linear axis ends; by default at a round number above all values. */
  readonly max?: number
}

export interface Line {
  readonly name: string
  readonly points: readonly (readonly [x: number, y: number])[]
}

export interface LineChart {
  readonly title: string
  readonly x: Axis
  readonly y: Axis
  readonly lines: readonly Line[]
  /** A dot at each point. */
  readonly dots?: boolean
  /** In pixels. */
  readonly width: number
  readonly height: number
}

interface Scale {
  /** The pixel of a value. */
  readonly at: (value: number) => number
  readonly ticks: readonly number[]
}

// Ten colours that are told apart also by those who see fewer (Tableau's).
const COLOURS =
  '#4e79a7 #f28e2b #e15759 #76b7b2 #59a14f #edc948 #b07aa1 #ff9da7 #9c755f #79706e'.split(' ')
const MARGIN = { top: 38, right: 24, left: 58, bottom: 28 }
/** Pixels for the name of an axis, for a row of the legend, and about those of a character in it. */
const [NAME, ROW, CHARACTER] = [22, 16, 6.2]

const colourOf = (index: number) => COLOURS[index % COLOURS.length] ?? ''

const written = (value: number) =>
  value.toLocaleString('en', {
    maximumSignificantDigits: 4,
    notation: value < 1e6 ? 'standard' : 'compact',
  })

/** A chart of lines as a part of an SVG: title above, legend below. */
export function drawLineChart(chart: LineChart): string {
  const { x, y, width, height } = chart
  const points = chart.lines.flatMap((line) => line.points)
  const legend = drawLegend(chart)
  const left = MARGIN.left + (y.name ? NAME : 0)
  const bottom = height - legend.height - MARGIN.bottom - (x.name ? NAME : 0)
  const across = toScale(
    x,
    points.map(([value]) => value),
    [left, width - MARGIN.right],
  )
  const up = toScale(
    y,
    points.map(([, value]) => value),
    [bottom, MARGIN.top],
  )
  return [
    text([12, 21], chart.title, 'font-size="14" font-weight="bold"'),
    ...across.ticks.map((tick) => {
      const at = pixels(across.at(tick))
      const grid = `<path d="M${at} ${MARGIN.top}V${bottom}" stroke="#e4e4e4"/>`
      return grid + text([across.at(tick), bottom + 15], written(tick), 'text-anchor="middle"')
    }),
    ...up.ticks.map((tick) => {
      const at = pixels(up.at(tick))
      const grid = `<path d="M${left} ${at}H${width - MARGIN.right}" stroke="#e4e4e4"/>`
      return grid + text([left - 6, up.at(tick) + 4], written(tick), 'text-anchor="end"')
    }),
    `<path d="M${left} ${MARGIN.top}V${bottom}H${width - MARGIN.right}" fill="none" stroke="#333"/>`,
    ...nameAxes(chart, left, bottom),
    ...chart.lines.map((line, i) => drawLine(chart, line, { across, up, colour: colourOf(i) })),
    `<g transform="translate(0 ${height - legend.height})">${legend.body}</g>`,
  ].join('\n')
}

function nameAxes({ x, y, width }: LineChart, left: number, bottom: number): string[] {
  const middle = (MARGIN.top + bottom) / 2
  const turned = `text-anchor="middle" transform="rotate(-90 18 ${middle})"`
  return [
    x.name
      ? text([(left + width - MARGIN.right) / 2, bottom + 34], x.name, 'text-anchor="middle"')
      : '',
    y.name ? text([18, middle], y.name, turned) : '',
  ]
}

function drawLine(
  { x, y, dots }: LineChart,
  { points }: Line,
  { across, up, colour }: { across: Scale; up: Scale; colour: string },
): string {
  const places = points
    .filter(([px, py]) => isOn(x, px) && isOn(y, py))
    .map(([px, py]) => [pixels(across.at(px)), pixels(up.at(py))])
  const path = places.map((place) => place.join(' ')).join('L')
  const circles = places.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="2.5"/>`)
  const line = path && `<path d="M${path}" fill="none" stroke="${colour}" stroke-width="1.6"/>`
  return dots ? `${line}<g fill="${colour}">${circles.join('')}</g>` : line
}

/** The names of the lines, in as many rows as they need. */
function drawLegend({ lines, width }: LineChart): { body: string; height: number } {
  let [x, row] = [12, 0]
  const names = lines.map(({ name }, i) => {
    const wide = 30 + name.length * CHARACTER
    if (x > 12 && x + wide > width) [x, row] = [12, row + 1]
    const y = row * ROW + 6
    const sample = `<path d="M${pixels(x)} ${y}h14" stroke="${colourOf(i)}" stroke-width="3"/>`
    const entry = sample + text([x + 19, y + 4], name)
    x += wide
    return entry
  })
  return { body: names.join(''), height: (row + 1) * ROW }
}

/** Whether an axis has a place for a value: a logarithm has none for zero. */
const isOn = ({ log, max = Number.POSITIVE_INFINITY }: Axis, value: number) =>
  Number.isFinite(value) && value <= max && (!log || value > 0)

function toScale(axis: Axis, all: readonly number[], range: readonly [number, number]): Scale {
  const values = all.filter((value) => isOn(axis, value))
  if (!axis.log) {
    const end = axis.max ?? Math.max(0, ...values)
    const scale = scaleLinear([Math.min(0, ...values), end || 1], range)
    if (axis.max === undefined) scale.nice(6)
    return { at: scale, ticks: scale.ticks(6) }
  }
  const ends = roundEnds(values)
  return { at: scaleLog(ends, range), ticks: roundBetween(...ends) }
}

/** A logarithmic axis begins and ends with these digits. */
const ROUND = [1, 2, 5]
const exponentOf = (value: number) => Math.floor(Math.log10(value))

function roundEnds(values: readonly number[]): [number, number] {
  if (values.length === 0) return [1, 10]
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const start = ROUND.map((digit) => digit * 10 ** exponentOf(least)).findLast((at) => at <= least)
  const end = [...ROUND, 10]
    .map((digit) => digit * 10 ** exponentOf(most))
    .find((at) => at >= most && at !== start)
  return [start ?? least, end ?? most]
}

function roundBetween(start: number, end: number): number[] {
  const [first, last] = [exponentOf(start), exponentOf(end)]
  const exponents = Array.from({ length: last - first + 1 }, (_, i) => first + i)
  const digits = last - first > 3 ? [1] : ROUND
  return exponents
    .flatMap((exponent) => digits.map((digit) => digit * 10 ** exponent))
    .filter((tick) => tick >= start && tick <= end)
}
