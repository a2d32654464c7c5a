import { type EChartsOption, init } from 'echarts'

export interface Line {
  readonly name: string
  /** Seconds since the start, and the value. */
  readonly points: [number, number][]
}

interface Box {
  readonly name: string
  readonly lines: readonly Line[]
  readonly left: number
  readonly top: number
}

const COLUMNS = 3
const [WIDTH, HEIGHT, HEAD] = [440, 240, 40]

/** All panels of one dashboard in one SVG, over so many seconds. */
export function draw(
  title: string,
  panels: ReadonlyMap<string, readonly Line[]>,
  seconds: number,
): string {
  const height = Math.ceil(panels.size / COLUMNS) * HEIGHT + HEAD
  const size = { width: COLUMNS * WIDTH, height }
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size })
  const boxes = [...panels].map(([name, lines], i) => ({
    name,
    lines,
    left: (i % COLUMNS) * WIDTH,
    top: HEAD + Math.floor(i / COLUMNS) * HEIGHT,
  }))
  chart.setOption({
    animation: false,
    backgroundColor: '#fff',
    title: [{ text: title, left: 12, top: 8, textStyle: { fontSize: 18 } }, ...boxes.map(toTitle)],
    legend: boxes.map(toLegend),
    grid: boxes.map(({ left, top }) => ({
      left: left + 56,
      top: top + 36,
      width: WIDTH - 76,
      height: HEIGHT - 96,
    })),
    xAxis: boxes.map((_, gridIndex) => ({ type: 'value', gridIndex, max: seconds })),
    yAxis: boxes.map((_, gridIndex) => ({ type: 'value', gridIndex, min: 0 })),
    series: boxes.flatMap(toSeries),
  } satisfies EChartsOption)
  const svg = chart.renderToSVGString()
  chart.dispose()
  return svg
}

const toTitle = ({ name, left, top }: Box) => ({
  text: name,
  left: left + 12,
  top: top + 8,
  textStyle: { fontSize: 13 },
})

/** A legend finds its lines by name, and one name stands in several boxes. */
const unique = (box: number, name: string) => `${box} ${name}`

const toLegend = ({ lines, left, top }: Box, i: number) => ({
  left: left + 12,
  top: top + HEIGHT - 42,
  width: WIDTH - 24,
  itemWidth: 12,
  textStyle: { fontSize: 10 },
  data: lines.map(({ name }) => unique(i, name)),
  formatter: (name: string) => name.replace(/^\d+ /, ''),
})

const toSeries = ({ lines }: Box, i: number) =>
  lines.map(({ name, points }) => ({
    type: 'line' as const,
    name: unique(i, name),
    xAxisIndex: i,
    yAxisIndex: i,
    showSymbol: false,
    lineStyle: { width: 1.5 },
    data: points,
  }))
