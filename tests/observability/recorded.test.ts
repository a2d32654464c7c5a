import { describe, expect, it } from 'vitest'
import { DASHBOARDS, shapeOf } from '../../observability/grafana/build.ts'
import { panelsOf } from '../../observability/grafana/shape.ts'
import { RECORDS, RULES } from './rules.ts'

/** A sum of rates, or a quantile of one, of a query. */
interface Sum {
  readonly quantile: string | undefined
  readonly series: string
  readonly by: readonly string[]
  /** But for those that choose replicas, or the job that all rules are about. */
  readonly matchers: readonly string[]
}

const SUM =
  /(?:histogram_quantile\(([\d.]+),\s*)?sum(?: by \(([^)]*)\))?\s*\(\s*rate\((\w+)(?:\{([^}]*)\})?\[/g
const CHOICE = /^(namespace|pod|instance|job|method)\b/
const listOf = (text = '') => text.split(/,\s*/).filter(Boolean)

const sumsOf = (expr: string): Sum[] =>
  [...expr.matchAll(SUM)].map(([, quantile, by, series = '', matchers]) => ({
    quantile,
    series,
    by: listOf(by).filter((label) => !/^(le|namespace|job)$/.test(label)),
    matchers: listOf(matchers).filter((one) => !CHOICE.test(one)),
  }))

const labelOf = (matcher: string) => /^\w+/.exec(matcher)?.[0] ?? ''

/** Whether the sums of a rule hold what a query sums up. */
const holds = (rule: Sum, asked: Sum): boolean =>
  rule.series === asked.series &&
  rule.quantile === asked.quantile &&
  asked.by.every((label) => rule.by.includes(label)) &&
  rule.matchers.every((matcher) => asked.matchers.includes(matcher)) &&
  asked.matchers.every((one) => rule.matchers.includes(one) || rule.by.includes(labelOf(one)))

const partsOf = (expr: string) => expr.split(/\)\s*\/\s*/).length

/** The rules that record all that a query computes: as many sums, divided as often. */
function recordsFor(expr: string): string[] {
  const asked = sumsOf(expr)
  const rules = RULES.filter((rule) => {
    const sums = sumsOf(rule.expr)
    const enough = partsOf(rule.expr) === partsOf(expr)
    return enough && asked.every((one) => sums.some((sum) => holds(sum, one)))
  })
  return asked.length === 0 ? [] : rules.flatMap(({ record }) => record ?? [])
}

const QUERIES = DASHBOARDS.map(shapeOf).flatMap((shape) =>
  panelsOf(shape).flatMap(({ title, targets }) =>
    targets.map(({ expr }) => ({ uid: shape.uid, title, expr })),
  ),
)

it('the comparison finds the rule of a sum, of a quantile and of a share', () => {
  expect(recordsFor('sum by (route) (rate(http_requests_total{pod=~"x"}[5m]))')).toEqual([
    'namespace_job_route:http_requests:rate5m',
  ])
  expect(
    recordsFor(
      'histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{ok="true",route="/predict"}[5m])))',
    ),
  ).toContain('namespace_job_route:http_request_duration_seconds:p99_rate5m')
  expect(
    recordsFor(
      'sum by (tier) (rate(polarity_cache_lookups_total{result="hit"}[5m])) / sum by (tier) (rate(polarity_cache_lookups_total[5m]))',
    ),
  ).toEqual(['namespace_job_tier:polarity_cache_hits:ratio_rate5m'])
})

describe.each(QUERIES)('$uid, $title', ({ expr }) => {
  it('asks for what a rule has recorded, where one has', () => {
    expect(recordsFor(expr)).toEqual([])
  })

  it('asks for no series of a rule that is not there', () => {
    const names = expr.match(/\b(namespace|objective)\w*:[\w:]+/g) ?? []
    expect(names.filter((name) => !RECORDS.includes(name))).toEqual([])
  })
})
