import type { PanelShape } from '../grafana/shape.ts'
import type { PanelData, Scenery, Size } from './data.ts'
import { text } from './svg.ts'
import { named, THEME } from './theme.ts'

const ROW = 24

/** A row for each line: its labels, then for how long its value, a time in milliseconds, has passed. */
export function drawTable(
  panel: PanelShape,
  { lines }: PanelData,
  { width, height, end }: Size & Scenery,
): string {
  if (lines.length === 0) {
    const nothing = panel.fieldConfig.defaults.noValue ?? 'No data'
    return text([width / 2, height / 2], nothing, `text-anchor="middle" fill="${THEME.faint}"`)
  }
  const columns = [12, width * 0.55, width * 0.7, width * 0.84]
  const heads = ['Alert', 'Severity', 'State', 'Since']
  const line = (y: number) => `<path d="M8 ${y}H${width - 8}" stroke="${THEME.border}"/>`
  const head = heads.map((name, i) =>
    text([columns[i] ?? 0, 16], name, `fill="${THEME.link}" font-weight="500"`),
  )
  const rows = lines.slice(0, Math.floor((height - ROW) / ROW)).map(({ labels, points }, row) => {
    const y = 16 + (row + 1) * ROW
    const since = end - (points.at(-1)?.[1] ?? 0) / 1000
    const { alertname = '', severity = '', alertstate = '' } = labels
    const colour = named(alertstate === 'firing' ? 'red' : 'orange')
    return [
      text([columns[0] ?? 0, y], alertname, `fill="${THEME.link}"`),
      text([columns[1] ?? 0, y], severity),
      text([columns[2] ?? 0, y], alertstate, `fill="${colour}" font-weight="600"`),
      text([columns[3] ?? 0, y], ago(since)),
      line(y + 8),
    ].join('')
  })
  return [...head, line(24), ...rows].join('')
}

const ago = (seconds: number) =>
  seconds < 60 ? `${Math.max(1, Math.round(seconds))} s ago` : `${Math.round(seconds / 60)} min ago`
