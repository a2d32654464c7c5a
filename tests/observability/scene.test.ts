import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasRedis } from '../../harness/redis-server.ts'
import { playScene, type Scene } from '../../harness/scene.ts'
import { DASHBOARDS, shapeOf } from '../../observability/grafana/build.ts'
import { panelsOf } from '../../observability/grafana/shape.ts'
import { BURN_RATES, OBJECTIVES } from '../../observability/objectives.ts'
import { filledIn } from '../../observability/panel-data.ts'
import { hasPrometheus } from '../telemetry/promtool.ts'
import { ALERTS, RECORDS } from './rules.ts'

const SECONDS = 30
const QUERIES = DASHBOARDS.map(shapeOf).flatMap((shape) =>
  panelsOf(shape).flatMap(({ title, targets }) =>
    targets.map((target) => ({ ...target, uid: shape.uid, title, query: filledIn(target.expr) })),
  ),
)
const ISTIO = QUERIES.filter(({ expr }) => expr.includes('istio_'))
const OURS = QUERIES.filter((query) => !ISTIO.includes(query))
const LINKED = OURS.filter(({ exemplar }) => exemplar)
const MARKS = DASHBOARDS.slice(0, 1).flatMap((dashboard) => shapeOf(dashboard).annotations.list)
/** Nothing of it happens in a minute's load. */
const RARE = ['Thread replaced', 'Alert']
const KEYWORDS =
  /^(and|or|unless|by|on|without|ignoring|group_left|group_right|offset|bool|inf|nan)$/i

describe.skipIf(!hasRedis || !hasPrometheus)('after half a minute of mixed load', () => {
  let scene: Scene
  beforeAll(async () => {
    scene = await playScene('bun', SECONDS)
  }, 120_000)
  afterAll(() => scene.close())

  it.each(OURS)('$uid, $title, $legendFormat has data', async ({ query, instant }) => {
    const series = await scene.prometheus.range(query, scene.start, scene.end)
    const numbers = series.flatMap(({ values }) => values.map(([, value]) => value))
    // The alerts are a list of those that there are at the moment.
    const least = instant ? 0 : 5
    expect(numbers.filter((value) => Number.isFinite(value)).length).toBeGreaterThan(least)
  })

  it.each(LINKED)('$uid, $title, $legendFormat leads to traces', async ({ query }) => {
    expect(await scene.prometheus.exemplars(query, scene.start, scene.end)).not.toEqual([])
  })

  it.each(MARKS)('Prometheus understands the marks “$name”, and has some', async (mark) => {
    const series = await scene.prometheus.range(filledIn(mark.expr), scene.start, scene.end)
    expect(series.length > 0).toBe(!RARE.includes(mark.name))
  })

  it.each(ISTIO)('Prometheus understands $title of the gateway', async ({ query }) => {
    expect(await scene.prometheus.query(query)).toEqual([])
  })

  it.each(RECORDS)('the rule %s has recorded', async (record) => {
    const series = await scene.prometheus.query(record)
    expect(series.map(({ value }) => value?.[1]).some(Number.isFinite)).toBe(true)
  })

  it.each(ALERTS.map(({ alert, expr }) => [alert, expr]))(
    'the alert %s asks for series that there are',
    async (_alert, expr) => {
      await scene.prometheus.query(expr)
      const names = await scene.prometheus.names()
      const bare = expr.replaceAll(
        /\{[^}]*\}|\[[^\]]*\]|"[^"]*"|(by|on|without|ignoring)\s*\([^)]*\)/g,
        '',
      )
      const asked = (bare.match(/[a-z_][\w:]*(?!\w*\s*\()/gi) ?? []).filter(
        (word) => !KEYWORDS.test(word),
      )
      const ours = asked.filter((name) => /[_:]/.test(name) && !name.endsWith('_over_time'))
      expect(ours.filter((name) => !names.has(name))).toEqual([])
    },
  )

  it.each([
    ['texts by source', 'sum(polarity_texts_total)', (tally: Scene['tally']) => tally.texts],
    ['texts by label', 'sum(polarity_predictions_total)', (tally: Scene['tally']) => tally.texts],
    [
      'requests by status',
      'sum(http_requests_total{route="/predict"})',
      (tally: Scene['tally']) => tally.requests,
    ],
    [
      'hits and misses in memory',
      'sum(polarity_cache_lookups_total{tier="memory"})',
      (tally: Scene['tally']) => tally.lookups,
    ],
  ])('%s match the clients’ counts', async (_name, query, seen) => {
    const counted = await scene.prometheus.number(query)
    expect(Math.abs(counted / seen(scene.tally) - 1)).toBeLessThan(0.01)
  })

  it('no alert on an error budget fires on half a minute of history', async () => {
    // There are failures, and enough of them for a ticket.
    expect(
      await scene.prometheus.number('namespace_job:predict_failed:ratio_rate1h'),
    ).toBeGreaterThan(BURN_RATES.ticket * OBJECTIVES.failed)
    expect(await scene.prometheus.query('ALERTS{alertname=~".*Burns.*"}')).toEqual([])
  })

  it('every 429 has a reason', async () => {
    const refused = await scene.prometheus.number('sum(http_requests_total{status="429"})')
    expect(await scene.prometheus.number('sum(polarity_shed_requests_total)')).toBe(refused)
  })

  it('every request has a caller and an outcome', async () => {
    const requests = await scene.prometheus.number(
      'sum(http_requests_total{route="/predict",method="POST"})',
    )
    expect(await scene.prometheus.number('sum(polarity_key_requests_total)')).toBe(requests)
  })

  it('texts run through the model are answered, timed out or aborted', async () => {
    const ran = await scene.prometheus.number('sum(polarity_batch_texts_sum)')
    const answered = await scene.prometheus.number('sum(polarity_texts_total{source="model"})')
    expect(ran).toBeGreaterThanOrEqual(answered)
  })
})
