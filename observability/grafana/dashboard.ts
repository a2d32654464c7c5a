import type { Dashboard, Panel, RowPanel } from '@grafana/schema'

/** Grafana's names of units. */
type Unit = 'short' | 'reqps' | 'ops' | 's' | 'ms' | 'bytes' | 'percentunit' | 'cores'

export interface PanelSpec {
  readonly title: string
  /** One line of help, shown beside the title. */
  readonly help: string
  readonly unit: Unit
  /** PromQL by legend; a legend may name labels as `{{label}}`. */
  readonly queries: Readonly<Record<string, string>>
  readonly type?: 'timeseries' | 'stat' | 'heatmap'
  /** Stacked series, which add up to a total. */
  readonly stacked?: boolean
  /** Source of the data; the service itself by default. */
  readonly source?: 'redis-exporter' | 'istio'
}

export interface DashboardSpec {
  readonly uid: string
  readonly title: string
  readonly description: string
  readonly rows: Readonly<Record<string, readonly PanelSpec[]>>
}

/** Label matchers of every query of the service's own series. */
export const SELF = 'namespace=~"$namespace",pod=~"$pod"'

/** The range of every `rate()`; Grafana picks one that covers a few scrapes. */
export const RATE = '$__rate_interval'

const COLUMNS = 24
const WIDTH = { stat: 4, timeseries: 8, heatmap: 8 } as const
const HEIGHT = { stat: 4, timeseries: 8, heatmap: 8 } as const
const DATASOURCE = { type: 'prometheus', uid: '$datasource' }

/** A dashboard in Grafana's JSON model. */
export function toDashboard({ uid, title, description, rows }: DashboardSpec): Dashboard {
  return {
    uid,
    title,
    description,
    tags: ['polarity'],
    timezone: 'browser',
    editable: false,
    graphTooltip: 1, // Shared crosshair.
    schemaVersion: 41,
    refresh: '10s',
    time: { from: 'now-1h', to: 'now' },
    templating: { list: VARIABLES },
    links: [],
    panels: place(rows),
  }
}

/** Lays out rows from top to bottom and panels from left to right. */
function place(rows: DashboardSpec['rows']): (Panel | RowPanel)[] {
  const panels: (Panel | RowPanel)[] = []
  let y = 0
  for (const [title, specs] of Object.entries(rows)) {
    const id = panels.length + 1
    const gridPos = { x: 0, y: y++, w: COLUMNS, h: 1 }
    panels.push({ type: 'row', id, title, collapsed: false, gridPos, panels: [] })
    let x = 0
    for (const spec of specs) {
      const { type = 'timeseries' } = spec
      if (x + WIDTH[type] > COLUMNS) {
        x = 0
        y += HEIGHT[type]
      }
      const position = { x, y, w: WIDTH[type], h: HEIGHT[type] }
      panels.push({ ...toPanel(spec), id: panels.length + 1, gridPos: position })
      x += WIDTH[type]
    }
    y += HEIGHT[specs.at(-1)?.type ?? 'timeseries']
  }
  return panels
}

function toPanel({ title, help, unit, queries, type = 'timeseries', stacked }: PanelSpec): Panel {
  return {
    type,
    title,
    description: help,
    datasource: DATASOURCE,
    fieldConfig: { defaults: { unit, min: 0, custom: stacked ? STACKED : {} }, overrides: [] },
    options: type === 'timeseries' ? TIMESERIES_OPTIONS : {},
    targets: Object.entries(queries).map(([legend, expr], i) => ({
      refId: String.fromCharCode(65 + i),
      datasource: DATASOURCE,
      expr,
      legendFormat: legend,
      format: type === 'heatmap' ? 'heatmap' : 'time_series',
      exemplar: expr.includes('polarity_stage_duration_seconds_bucket'),
    })),
  }
}

const STACKED = { stacking: { mode: 'normal' }, fillOpacity: 40 }

const TIMESERIES_OPTIONS = {
  legend: { displayMode: 'list', placement: 'bottom' },
  tooltip: { mode: 'multi', sort: 'desc' },
}

/** A multi-value variable of a label's values. “All” also matches series without the label. */
const labelValues = (name: string, query: string) => ({
  name,
  type: 'query' as const,
  datasource: DATASOURCE,
  query,
  refresh: 2, // When the time range changes.
  multi: true,
  includeAll: true,
  allValue: '.*',
  current: { text: 'All', value: '$__all' },
})

const VARIABLES = [
  { name: 'datasource', type: 'datasource' as const, query: 'prometheus' },
  labelValues('namespace', 'label_values(polarity_model_info, namespace)'),
  labelValues('pod', 'label_values(polarity_model_info{namespace=~"$namespace"}, pod)'),
]
