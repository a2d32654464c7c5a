import { writeFileSync } from 'node:fs'
import { toSvg } from '../observability/drawing/svg.ts'
import { type Axis, drawLineChart, type Line } from '../observability/line-chart.ts'

export interface Plot {
  readonly title: string
  readonly x: Axis
  readonly y: Axis
  readonly lines: Readonly<Record<string, Line['points']>>
}

const SIZE = { width: 860, height: 480 }

/** Writes lines through their points as an SVG. */
export function writePlot(file: string, { lines, ...plot }: Plot): void {
  const named = Object.entries(lines).map(([name, points]) => ({ name, points }))
  const chart = drawLineChart({ ...plot, ...SIZE, lines: named, dots: true })
  writeFileSync(file, toSvg([SIZE.width, SIZE.height], chart))
}
