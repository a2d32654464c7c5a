import { type DashboardShape, isRow, type PanelShape, type RowShape } from '../grafana/shape.ts'
import type { PanelData, Scenery, Size } from './data.ts'
import { drawHeatmap } from './heatmap.ts'
import { drawMarkdown } from './markdown.ts'
import { drawStat } from './stat.ts'
import { moved, rectangle, text, toSvg, widthOf } from './svg.ts'
import { drawTable } from './table.ts'
import { THEME } from './theme.ts'
import { drawTimeseries } from './timeseries.ts'

type Draw = (panel: PanelShape, data: PanelData, frame: Size & Scenery) => string

const DRAWN: Readonly<Record<string, Draw>> = {
  timeseries: drawTimeseries,
  heatmap: drawHeatmap,
  stat: drawStat,
  table: drawTable,
  text: drawMarkdown,
}

const WIDTH = 1320
/** As Grafana lays panels out: 24 columns, rows of 30 pixels, 8 pixels between. */
const [COLUMNS, ROW, GAP] = [24, 30, 8]
const HEAD = 84
const TITLE = 28

export interface Seen extends Scenery {
  readonly dashboard: DashboardShape
  /** By the panel's id. */
  readonly data: ReadonlyMap<number, PanelData>
}

/** A dashboard as Grafana shows it, in dark colours, rows that are folded up as such. */
export function drawDashboard({ dashboard, data, ...scenery }: Seen): string {
  const column = (WIDTH - GAP) / COLUMNS
  const panels = dashboard.panels.map((panel) => {
    const { x, y, w, h } = panel.gridPos
    const size = { width: w * column - GAP, height: h * (ROW + GAP) - GAP }
    const own = data.get(panel.id) ?? { lines: [], exemplars: [] }
    const body = isRow(panel) ? drawRow(panel) : drawPanel(panel, own, { ...size, ...scenery })
    return moved([GAP + x * column, HEAD + y * (ROW + GAP)], body)
  })
  const rows = Math.max(...dashboard.panels.map(({ gridPos: { y, h } }) => y + h))
  const colours = { ground: THEME.ground, text: THEME.text }
  const height = HEAD + rows * (ROW + GAP) + GAP
  return toSvg([WIDTH, height], [drawHead(dashboard, scenery), ...panels].join('\n'), colours)
}

function drawPanel(panel: PanelShape, data: PanelData, frame: Size & Scenery): string {
  const { width, height } = frame
  const draw = DRAWN[panel.type]
  if (!draw) throw new Error(`No picture of a panel of type ${panel.type}.`)
  const empty = data.lines.length === 0 && panel.type !== 'text' && panel.type !== 'table'
  const inner = { ...frame, height: height - TITLE - 6 }
  const nothing = text(
    [width / 2, height / 2],
    'No data',
    `text-anchor="middle" fill="${THEME.faint}"`,
  )
  return [
    rectangle([0, 0], [width, height], `rx="2" fill="${THEME.panel}" stroke="${THEME.border}"`),
    text([10, 19], panel.title, 'font-size="13" font-weight="500"'),
    empty ? nothing : moved([0, TITLE], draw(panel, data, inner)),
  ].join('\n')
}

function drawRow({ title, collapsed, panels }: RowShape): string {
  const count = collapsed ? `  (${panels.length} panels)` : ''
  const arrow = collapsed ? '›' : '⌄'
  return text([4, 20], `${arrow}  ${title}${count}`, 'font-size="14" font-weight="500"')
}

/** Title and times above; variables and links below. */
function drawHead({ title, templating, links }: DashboardShape, { start, end }: Scenery): string {
  const time = (seconds: number) =>
    new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')
  const period = `${time(start)} to ${time(end)} UTC`
  const visible = templating.list.filter(({ hide }) => hide === undefined || hide === 0)
  let x = GAP
  const boxes = visible.map(({ name, type }) => {
    const value = type === 'datasource' ? 'Prometheus' : 'All'
    const wide = widthOf(name) + widthOf(value) + 34
    const box = moved(
      [x, 44],
      `${rectangle([0, 0], [wide, 26], `rx="2" fill="${THEME.panel}" stroke="${THEME.border}"`)}${text([8, 17], name, `fill="${THEME.link}"`)}${text([widthOf(name) + 20, 17], value)}`,
    )
    x += wide + GAP
    return box
  })
  let right = WIDTH - GAP
  const shortcuts = links.toReversed().map((link) => {
    const wide = widthOf(link.title) + 20
    right -= wide + GAP
    return moved(
      [right, 44],
      `${rectangle([0, 0], [wide, 26], `rx="2" fill="${THEME.panel}" stroke="${THEME.border}"`)}${text([10, 17], link.title)}`,
    )
  })
  return [
    text([GAP + 4, 27], title, 'font-size="18" font-weight="500"'),
    text([WIDTH - GAP - 4, 27], period, 'text-anchor="end"'),
    ...boxes,
    ...shortcuts,
  ].join('\n')
}
