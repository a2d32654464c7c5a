import { drawLineChart, type Line, text, toSvg } from './line-chart.ts'

const COLUMNS = 3
const [WIDTH, HEIGHT, HEAD] = [440, 240, 40]

/** All panels of one dashboard in one SVG, over so many seconds. */
export function draw(
  title: string,
  panels: ReadonlyMap<string, readonly Line[]>,
  seconds: number,
): string {
  const charts = [...panels].map(([name, lines], i) => {
    const [left, top] = [(i % COLUMNS) * WIDTH, HEAD + Math.floor(i / COLUMNS) * HEIGHT]
    const chart = drawLineChart({
      title: name,
      x: { max: seconds },
      y: {},
      lines,
      width: WIDTH,
      height: HEIGHT - 12,
    })
    return `<g transform="translate(${left} ${top})">${chart}</g>`
  })
  const height = Math.ceil(panels.size / COLUMNS) * HEIGHT + HEAD
  const heading = text([12, 27], title, 'font-size="18" font-weight="bold"')
  return toSvg(COLUMNS * WIDTH, height, [heading, ...charts].join('\n'))
}
