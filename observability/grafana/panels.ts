import {
  BigValueColorMode,
  BigValueGraphMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import { DashboardLinkBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import * as heatmap from '@grafana/grafana-foundation-sdk/heatmap'
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus'
import * as stat from '@grafana/grafana-foundation-sdk/stat'
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries'
import { variable } from './queries.ts'
import { PLAIN, type Steps, toThresholds } from './thresholds.ts'

/** Grafana's names of units, and own ones. */
type Unit = 'short' | 'reqps' | 'ops' | 's' | 'ms' | 'bytes' | 'percentunit' | `suffix:${string}`

export interface PanelSpec {
  readonly title: string
  /** A line of help, shown beside the title. */
  readonly help: string
  readonly unit: Unit
  /** PromQL by legend; a legend may name labels as `{{label}}`. */
  readonly queries: Readonly<Record<string, string>>
  /** In columns; the width of a dashboard is 24. */
  readonly width?: number
  /** In rows of Grafana's grid. */
  readonly height?: number
  /** Where to read on: a dashboard, by its uid. */
  readonly more?: string
}

export interface LinesSpec extends PanelSpec {
  /** Series that add up to a total. */
  readonly stacked?: boolean
  /** Drawn as dashed lines. */
  readonly thresholds?: Steps
  readonly max?: number
  /** There are only whole ones of what is counted. */
  readonly whole?: boolean
}

export interface StatSpec extends PanelSpec {
  readonly thresholds?: Steps
  readonly decimals?: number
}

/** The data source that is chosen above the panels. */
export const DATASOURCE = { type: 'prometheus', uid: '$datasource' }

/** Histograms of single requests, whose values link to traces. A batch has texts of many. */
const LINKED =
  /http_request_duration_seconds_bucket|stage_duration_seconds_bucket\{stage="(cache|queue)"/

const toTargets = (queries: PanelSpec['queries'], format = PromQueryFormat.TimeSeries) =>
  Object.entries(queries).map(([legend, expr], i) =>
    new DataqueryBuilder()
      .refId(String.fromCharCode(65 + i))
      .datasource(DATASOURCE)
      .expr(expr)
      .legendFormat(legend)
      .format(format)
      .range()
      .exemplar(LINKED.test(expr)),
  )

/** Links that keep the chosen time and variables. */
const toLinks = (uid: string | undefined) =>
  uid === undefined
    ? []
    : [
        new DashboardLinkBuilder(`More in ${uid}`).url(
          `/d/${uid}?${variable('__url_time_range')}&${variable('__all_variables')}`,
        ),
      ]

/** Lines over time. */
export function lines(spec: LinesSpec): timeseries.PanelBuilder {
  const { title, help, unit, queries, width = 8, height = 8, stacked = false } = spec
  const panel = new timeseries.PanelBuilder()
    .title(title)
    .description(help)
    .datasource(DATASOURCE)
    .span(width)
    .height(height)
    .unit(unit)
    .min(0)
    .targets(toTargets(queries))
    .links(toLinks(spec.more))
    .fillOpacity(stacked ? 40 : 0)
    .stacking(new StackingConfigBuilder().mode(stacked ? StackingMode.Normal : StackingMode.None))
    .thresholds(toThresholds(spec.thresholds ?? PLAIN))
    .thresholdsStyle(
      new GraphThresholdsStyleConfigBuilder().mode(
        spec.thresholds ? GraphThresholdsStyleMode.Dashed : GraphThresholdsStyleMode.Off,
      ),
    )
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true),
    )
    .tooltip(
      new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending),
    )
  const highest = spec.thresholds?.at(-1)
  if (highest && 'from' in highest) panel.axisSoftMax(highest.from * 1.2)
  if (spec.whole) panel.decimals(0)
  return spec.max === undefined ? panel : panel.max(spec.max)
}

/** The last value of each query, above its course. */
export function value(spec: StatSpec): stat.PanelBuilder {
  const { title, help, unit, queries, width = 4, height = 4 } = spec
  const panel = new stat.PanelBuilder()
    .title(title)
    .description(help)
    .datasource(DATASOURCE)
    .span(width)
    .height(height)
    .unit(unit)
    .targets(toTargets(queries))
    .links(toLinks(spec.more))
    .thresholds(toThresholds(spec.thresholds ?? PLAIN))
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.Area)
    .orientation(VizOrientation.Horizontal)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
  return spec.decimals === undefined ? panel : panel.decimals(spec.decimals)
}

const ORANGES = new heatmap.HeatmapColorOptionsBuilder()
  .mode(heatmap.HeatmapColorMode.Scheme)
  .scheme('Oranges')
  .exponent(0.5)
  .steps(64)

/** How values are distributed over time: a query of a histogram's buckets, by `le`. */
export function distribution(spec: PanelSpec): heatmap.PanelBuilder {
  const { title, help, unit, queries, width = 8, height = 8 } = spec
  return new heatmap.PanelBuilder()
    .title(title)
    .description(help)
    .datasource(DATASOURCE)
    .span(width)
    .height(height)
    .unit('short')
    .targets(toTargets(queries, PromQueryFormat.Heatmap))
    .links(toLinks(spec.more))
    .calculate(false)
    .color(ORANGES)
    .yAxis(new heatmap.YAxisConfigBuilder().unit(unit))
    .cellValues(new heatmap.CellValuesBuilder().unit('short'))
    .tooltip(new heatmap.HeatmapTooltipBuilder().mode(TooltipDisplayMode.Single).yHistogram(true))
}
