import type { PrometheusServer, Series } from '../harness/prometheus-server.ts'
import type { Scene } from '../harness/scene.ts'
import type { Seen } from './drawing/dashboard.ts'
import type { Mark, PanelData } from './drawing/data.ts'
import { named } from './drawing/theme.ts'
import { type DashboardShape, panelsOf, type TargetShape } from './grafana/shape.ts'

/** What Grafana asks for all namespaces, pods and instances of a Prometheus that scrapes every second. */
export const filledIn = (query: string): string =>
  query.replaceAll('$__rate_interval', '15s').replaceAll(/\$(namespace|pod|instance)/g, '.*')

type Period = Pick<Scene, 'prometheus' | 'start' | 'end'>

/** All that a dashboard shows of a scene: what its queries answer, and what its annotations mark. */
export async function look(dashboard: DashboardShape, scene: Period): Promise<Seen> {
  const data = new Map<number, PanelData>()
  for (const { id, targets } of panelsOf(dashboard)) {
    const answers: PanelData[] = []
    for (const target of targets) answers.push(await answerTo(target, scene))
    data.set(id, {
      lines: answers.flatMap(({ lines }) => lines),
      exemplars: answers.flatMap(({ exemplars }) => exemplars),
    })
  }
  const marks = await marksOf(dashboard, scene)
  return { dashboard, data, marks, start: scene.start, end: scene.end }
}

async function answerTo(target: TargetShape, scene: Period): Promise<PanelData> {
  const { prometheus, start, end } = scene
  const query = filledIn(target.expr)
  const series = target.instant
    ? await instant(prometheus, query, end)
    : await prometheus.range(query, start, end)
  const lines = series.map(({ metric, values }) => ({
    name: nameOf(target.legendFormat, metric),
    refId: target.refId,
    labels: metric,
    points: values.filter(([, value]) => Number.isFinite(value)),
  }))
  return {
    lines: lines.filter(({ points }) => points.length > 0),
    exemplars: target.exemplar ? await prometheus.exemplars(query, start, end) : [],
  }
}

async function instant(prometheus: PrometheusServer, query: string, time: number) {
  const series = await prometheus.query(query, time)
  return series.map(({ metric, value }) => ({ metric, values: value ? [value] : [] }))
}

/** A legend with its labels filled in, as Grafana does. */
const nameOf = (legend: string, metric: Series['metric']): string =>
  legend.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? '').trim()

/** Samples that are further apart, in seconds, are two events. */
const APART = 2

async function marksOf({ annotations }: DashboardShape, scene: Period): Promise<Mark[]> {
  const marks: Mark[] = []
  for (const { expr, iconColor, useValueForTime } of annotations.list) {
    const series = await scene.prometheus.range(filledIn(expr), scene.start, scene.end)
    for (const { values } of series) {
      const times = useValueForTime
        ? values.map(([, value]) => value / 1000)
        : values.filter(([, value]) => value > 0).map(([time]) => time)
      marks.push(...periodsOf(times).map((period) => ({ ...period, colour: named(iconColor) })))
    }
  }
  return marks
}

function periodsOf(times: readonly number[]): { from: number; to: number }[] {
  const periods: { from: number; to: number }[] = []
  for (const time of times) {
    const last = periods.at(-1)
    if (last && time - last.to <= APART) last.to = time
    else periods.push({ from: time, to: time })
  }
  return periods
}
