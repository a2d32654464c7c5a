import { prometheus } from '@hono/prometheus'
import type { Context } from 'hono'
import { routePath } from 'hono/route'
import { Counter, Histogram } from 'prom-client'
import { PROBLEMS } from '../errors.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { LATENCY_BUCKETS } from '../telemetry/series/buckets.ts'
import type { RequestEnv } from './request-env.ts'
import { PREDICT_PATH } from './schema.ts'

/**
 * A function that counts and times a request by method, route pattern and status, and by its cache
 * status: the metrics of @hono/prometheus, without its middleware, which every cache hit would pass.
 */
export function httpMetrics({ registry }: Metrics) {
  const requestDuration = {
    help: 'HTTP request duration in seconds, by method, route, status and cache status.',
    buckets: LATENCY_BUCKETS,
    customLabels: { cache: (c: Context<RequestEnv>) => c.get('cache') ?? '' },
  }
  prometheus({ registry, metricOptions: { requestDuration } })
  const durations = registry.getSingleMetric('http_request_duration_seconds')
  const requests = registry.getSingleMetric('http_requests_total')
  if (!(requests instanceof Counter && durations instanceof Histogram)) {
    throw new Error('@hono/prometheus has other metrics than this version was written for.')
  }
  startStatusesAtZero(requests)

  return (c: Context<RequestEnv>, seconds: number): void => {
    const { method } = c.req
    const { status, ok } = c.res
    const labels = { method, route: routePath(c, -1), status: String(status), ok: String(ok) }
    requests.inc(labels)
    durations.observe({ ...labels, cache: c.get('cache') ?? '' }, seconds)
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
