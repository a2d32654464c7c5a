import { prometheus } from '@hono/prometheus'
import type { Context } from 'hono'
import { routePath } from 'hono/route'
import { Counter, type Registry } from 'prom-client'
import { PROBLEMS } from '../errors.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { LATENCY_BUCKETS } from '../telemetry/series/buckets.ts'
import { type HistogramSeries, KeptHistogram } from '../telemetry/series/kept-histogram.ts'
import type { RequestEnv } from './request-env.ts'
import { PREDICT_PATH } from './schema.ts'

const LABELS = ['method', 'route', 'status', 'ok', 'cache'] as const

/**
 * A function that counts and times a request by method, route pattern and status, by its cache status
 * and its API key: under the names of @hono/prometheus, without its middleware, which every cache hit would
 * pass.
 */
export function httpMetrics({ registry, keyRequests }: Metrics) {
  prometheus({ registry, metricOptions: { requestDuration: { disabled: true } } })
  const requests = registry.getSingleMetric('http_requests_total')
  if (!(requests instanceof Counter)) {
    throw new Error('@hono/prometheus has other metrics than this version was written for.')
  }
  startStatusesAtZero(requests)
  const durationOf = durations(registry)

  return (c: Context<RequestEnv>, seconds: number): void => {
    const { method } = c.req
    const { status, ok } = c.res
    const route = routePath(c, -1)
    const labels = { method, route, status: String(status), ok: String(ok) }
    requests.inc(labels)
    if (route === PREDICT_PATH && method === 'POST') keyRequests.count(c.get('key') ?? '', status)
    durationOf({ ...labels, cache: c.get('cache') ?? '' }).observe(
      seconds,
      c.get('trace')?.exemplar,
    )
  }
}

type Labels = Record<(typeof LABELS)[number], string>

/** A function that finds the series of a request again, for less than the library's lookup by labels. */
function durations(registry: Registry) {
  const histogram = new KeptHistogram({
    name: 'http_request_duration_seconds',
    help: 'HTTP request duration in seconds, by method, route, status and cache status.',
    labelNames: [...LABELS],
    buckets: LATENCY_BUCKETS,
    registers: [registry],
  })
  const kept = new Map<string, HistogramSeries>()
  return (labels: Labels): HistogramSeries => {
    const { method, route, status, cache } = labels
    const key = `${method} ${route} ${status} ${cache}`
    const series = kept.get(key) ?? histogram.series(labels)
    kept.set(key, series)
    return series
  }
}

/** `rate()` misses the first failure unless its series already exists with value 0. */
function startStatusesAtZero(requests: Counter): void {
  const statuses = [200, ...Object.values(PROBLEMS).map((problem) => problem.status)]
  for (const status of new Set(statuses)) {
    const labels = { method: 'POST', route: PREDICT_PATH, status: String(status) }
    requests.inc({ ...labels, ok: String(status < 400) }, 0)
  }
}
