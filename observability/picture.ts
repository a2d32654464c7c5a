import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PrometheusServer, Series } from '../harness/prometheus-server.ts'
import { playScene, type Scene } from '../harness/scene.ts'
import { draw } from './chart.ts'
import { DASHBOARDS } from './grafana/build.ts'
import { QUERIES } from './grafana/queries.ts'
import type { Line } from './line-chart.ts'

/** Draws what the panels show of two minutes of mixed load, so that a reader sees what to expect. */
const SECONDS = 120
const FOLDER = join(import.meta.dirname, 'pictures')

mkdirSync(FOLDER, { recursive: true })
const scene = await playScene('bun', SECONDS)
for (const { uid, title } of DASHBOARDS) {
  const panels = await panelsOf(uid, scene)
  writeFileSync(join(FOLDER, `${uid}.svg`), draw(title, panels, SECONDS))
}
await scene.close()

/** The lines of each panel of a dashboard that has any, by the panel's title and unit. */
async function panelsOf(
  uid: string,
  { prometheus, start, end }: Scene,
): Promise<Map<string, Line[]>> {
  const panels = new Map<string, Line[]>()
  for (const { dashboard, panel, legend, query } of QUERIES) {
    if (dashboard !== uid || panel.source === 'istio') continue
    const title = `${panel.title} (${panel.unit})`
    const lines = await linesOf(prometheus, { query, legend, start, end })
    panels.set(title, [...(panels.get(title) ?? []), ...lines])
  }
  return panels
}

async function linesOf(
  prometheus: PrometheusServer,
  { query, legend, start, end }: { query: string; legend: string; start: number; end: number },
): Promise<Line[]> {
  const series = await prometheus.range(query, start, end)
  return series.map(({ metric, values }) => ({
    name: nameOf(legend, metric),
    points: values
      .filter(([, value]) => Number.isFinite(value))
      .map(([time, value]) => [time - start, value]),
  }))
}

/** A legend with its labels filled in, as Grafana does. */
function nameOf(legend: string, metric: Series['metric']): string {
  return legend.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? '').trim()
}
