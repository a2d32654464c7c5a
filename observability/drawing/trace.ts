import { scaleLinear } from 'd3-scale'
import { moved, pixels, rectangle, text, toSvg, widthOf } from './svg.ts'
import { colourOf, THEME } from './theme.ts'
import { format } from './units.ts'

/** A span in seconds since its trace began. */
export interface DrawnSpan {
  readonly name: string
  /** How far below the root it is. */
  readonly depth: number
  readonly start: number
  readonly end: number
  /** Beside its duration. */
  readonly facts: string
}

const [WIDTH, HEAD, ROW, FOOT] = [1100, 84, 30, 14]
/** Where the names end and the times begin. */
const LEFT = 250
/** For the duration of a bar that ends at the right edge. */
const RIGHT = 24

/** The spans of one trace as Grafana shows them: one below another, along the time. */
export function drawTrace(title: string, id: string, spans: readonly DrawnSpan[]): string {
  const end = Math.max(...spans.map((span) => span.end))
  const x = scaleLinear([0, end], [LEFT, WIDTH - RIGHT])
  const height = HEAD + spans.length * ROW + FOOT
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const at = pixels(x(share * end))
    const label = format(Number((share * end).toPrecision(3)), 's')
    const anchor = share === 1 ? 'end' : 'middle'
    return `<path d="M${at} ${HEAD - 8}V${height - FOOT}" stroke="${THEME.grid}"/>${text([Number(at), HEAD - 14], label, `text-anchor="${anchor}" fill="${THEME.faint}"`)}`
  })
  const head = [
    rectangle(
      [8, 8],
      [WIDTH - 16, height - 16],
      `rx="2" fill="${THEME.panel}" stroke="${THEME.border}"`,
    ),
    text([20, 34], title, 'font-size="17" font-weight="500"'),
    text(
      [20, 54],
      `Trace ${id}  ·  ${format(end, 's')}  ·  ${spans.length} spans`,
      `fill="${THEME.faint}"`,
    ),
  ]
  const rows = spans.map((span, i) => moved([0, HEAD + i * ROW], drawSpan(span, x)))
  const colours = { ground: THEME.ground, text: THEME.text }
  return toSvg([WIDTH, height], [...head, ...ticks, ...rows].join('\n'), colours)
}

function drawSpan(
  { name, depth, start, end, facts }: DrawnSpan,
  x: (at: number) => number,
): string {
  const colour = colourOf(depth === 0 ? 5 : 0)
  const left = 20 + depth * 18
  const width = Math.max(2, x(end) - x(start))
  const label = [format(end - start, 's'), facts].filter(Boolean).join(' · ')
  const beside = x(end) + 8
  const wide = widthOf(label)
  const place = beside + wide < WIDTH - RIGHT ? beside : x(start) - 8 - wide
  const written =
    place > LEFT
      ? text([place, 19], label)
      : text([x(end) - 8, 19], label, `text-anchor="end" fill="${THEME.ground}" font-weight="600"`)
  return [
    rectangle([left, 6], [3, 18], `fill="${colour}"`),
    text([left + 10, 19], name, 'font-size="12"'),
    rectangle([x(start), 8], [width, 14], `rx="2" fill="${colour}"`),
    written,
  ].join('')
}
