import { writeFileSync } from 'node:fs'
import { init } from 'echarts'

interface Axis {
  readonly name: string
  readonly log?: boolean
}

export interface Plot {
  readonly title: string
  readonly x: Axis
  readonly y: Axis
  readonly lines: Readonly<Record<string, readonly (readonly [x: number, y: number])[]>>
}

const SIZE = { width: 860, height: 480 }

/** Writes lines through their points as an SVG. */
export function writePlot(file: string, { title, x, y, lines }: Plot): void {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...SIZE })
  const toAxis = ({ name, log }: Axis) => ({
    type: log ? ('log' as const) : ('value' as const),
    name,
    nameLocation: 'middle' as const,
    nameGap: 36,
  })
  chart.setOption({
    animation: false,
    backgroundColor: '#fff',
    title: { text: title, left: 12, top: 8, textStyle: { fontSize: 15 } },
    legend: { bottom: 4 },
    grid: { left: 84, right: 24, top: 48, bottom: 84 },
    xAxis: toAxis(x),
    yAxis: { ...toAxis(y), nameGap: 60 },
    series: Object.entries(lines).map(([name, points]) => ({
      type: 'line' as const,
      name,
      symbolSize: 6,
      data: points.map((point) => [...point]),
    })),
  })
  writeFileSync(file, `${chart.renderToSVGString()}\n`)
  chart.dispose()
}
