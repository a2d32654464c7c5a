import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DASHBOARDS, shapeOf } from '../../observability/grafana/build.ts'
import { PREDICTIONS } from '../../observability/grafana/queries.ts'
import { type PanelShape, panelsOf } from '../../observability/grafana/shape.ts'
import { BOUNDS, BURN_RATES, OBJECTIVES } from '../../observability/objectives.ts'
import { ALERTS, OBSERVABILITY, RULES } from './rules.ts'

const recording = readFileSync(join(OBSERVABILITY, 'prometheus/recording.yml'), 'utf8')
const BURNS = ALERTS.filter(({ alert }) => alert.includes('Burns'))
const PANELS = DASHBOARDS.flatMap((dashboard) => panelsOf(shapeOf(dashboard)))

/** Where the colour of a panel changes. */
const changesOf = ({ fieldConfig }: PanelShape) =>
  (fieldConfig.defaults.thresholds?.steps ?? []).flatMap(({ value }) => value ?? [])

const asks = (series: RegExp) => (panel: PanelShape) =>
  panel.targets.some(({ expr }) => series.test(expr))

const constantOf = (record: string) =>
  Number(
    /^\s*vector\((.*)\)\s*$/.exec(RULES.find((rule) => rule.record === record)?.expr ?? '')?.[1],
  )

describe('requests for predictions', () => {
  it('are the same for rules and dashboards, in every dialect', () => {
    const matchers = recording.match(/method="POST", route=~?"[^"]*"/g) ?? []
    const [first = ''] = matchers
    expect(new Set(matchers)).toEqual(new Set([PREDICTIONS.replace(',', ', ')]))
    expect(first).toContain('predict|v1')
  })

  it.each([
    '/predict',
    '/',
    '/v1/models/:model',
    '/v2/models/:model/infer',
    '/v2/models/:model/versions/:version/infer',
  ])('are those for %s', (route) => {
    const pattern = /route=~"([^"]*)"/.exec(PREDICTIONS)?.[1]
    expect(route).toMatch(new RegExp(`^(?:${pattern})$`))
  })
})

describe('the objectives', () => {
  it('leave a budget that makes them whole', () => {
    expect(OBJECTIVES.available + OBJECTIVES.failed).toBeCloseTo(1, 12)
  })

  it.each([
    ['objective:predict_available:ratio', OBJECTIVES.available],
    ['objective:predict_fast:ratio', OBJECTIVES.fast],
    ['objective:predict_duration:seconds', OBJECTIVES.seconds],
    ['objective:polarity_self_test_difference:max', BOUNDS.selfTestDifference],
  ])('are what Prometheus has as %s', (record, value) => {
    expect(constantOf(record)).toBe(value)
  })

  it('are those that the alerts of burn rates compare with', () => {
    const budgets = { Availability: OBJECTIVES.failed, Latency: 1 - OBJECTIVES.fast }
    for (const { alert, expr } of BURNS) {
      const budget = alert.includes('Latency') ? budgets.Latency : budgets.Availability
      const compared = [...expr.matchAll(/> [\d.]+ \* ([\d.]+)/g)].map(([, own]) => Number(own))
      expect(compared).toHaveLength(4)
      for (const own of compared) expect(own).toBeCloseTo(budget, 12)
    }
  })

  it('are those of the shares that the rules record', () => {
    const bounds = [...recording.matchAll(/ratio_rate.*?le="([\d.]+)"/gs)].map(([, le]) =>
      Number(le),
    )
    expect(new Set(bounds)).toEqual(new Set([OBJECTIVES.seconds]))
  })
})

describe('a panel turns red where', () => {
  it.each([
    ['availability', /predict_available:ratio/, OBJECTIVES.available],
    ['the share of failures', /predict_failed:ratio/, OBJECTIVES.failed],
    ['p99 of predictions', /route:\S+:p99_rate5m\{.*route=~/, OBJECTIVES.seconds],
    ['the difference of the self-test', /self_test_max_difference/, BOUNDS.selfTestDifference],
    ['throttling', /cpu_throttled:ratio/, BOUNDS.throttled],
    ['the lag of the event loop', /eventloop_lag_p99/, BOUNDS.eventLoopLagSeconds],
    ['the queue', /queue_tokens.*queue_max_tokens/, BOUNDS.queue],
  ])('%s leaves what was promised', (_name, series, value) => {
    const panels = PANELS.filter(asks(series))
    expect(panels.length).toBeGreaterThan(0)
    for (const panel of panels) expect(changesOf(panel)).toEqual([value])
  })

  it('the budgets burn as fast as for a ticket, and for a page', () => {
    const [panel] = PANELS.filter(asks(/burn_rate1h/))
    expect(panel && changesOf(panel)).toEqual([BURN_RATES.ticket, BURN_RATES.page])
  })
})

describe('the bounds of the alerts', () => {
  const boundOf = (name: string) => {
    const expr = ALERTS.find(({ alert }) => alert === name)?.expr ?? ''
    return [...expr.matchAll(/> ([\d.]+)/g)].map(([, bound]) => Number(bound))
  }

  it.each([
    ['PolaritySelfTestDiffers', [BOUNDS.selfTestDifference]],
    ['PolarityCpuThrottled', [BOUNDS.throttled]],
    ['PolarityEventLoopLag', [BOUNDS.eventLoopLagSeconds]],
    ['PolarityQueueNearBound', [BOUNDS.queue, BOUNDS.queue]],
  ])('of %s are those of the panels', (alert, bounds) => {
    expect(boundOf(alert)).toEqual(bounds)
  })

  it('of the burn rates are those of the panel', () => {
    const first = (alert: string) => boundOf(alert)[0]
    expect(first('PolarityAvailabilityBurnsFast')).toBe(BURN_RATES.page)
    expect(first('PolarityAvailabilityBurnsSlowly')).toBe(BURN_RATES.ticket)
  })
})
