import { prometheus } from '@hono/prometheus'
import type { Context } from 'hono'
import { Counter } from 'prom-client'
import { PROBLEMS } from '../errors.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { LATENCY_BUCKETS } from '../telemetry/series/buckets.ts'
import type { RequestEnv } from './request-env.ts'
import { PREDICT_PATH } from './schema.ts'

/** Counts and times every request by method, route pattern and status, and by its cache status. */
export function httpMetrics({ registry }: Metrics) {
  const requestDuration = {
    help: 'HTTP request duration in seconds, by method, route, status and cache status.',
    buckets: LATENCY_BUCKETS,
    customLabels: { cache: (c: Context<RequestEnv>) => c.get('cache') ?? '' },
  }
  const { registerMetrics } = prometheus({ registry, metricOptions: { requestDuration } })
  const requests = registry.getSingleMetric('http_requests_total')
  if (requests instanceof Counter) startStatusesAtZero(requests)
  return registerMetrics
}

/** `rate()` misses the first failure unless its series already exists with value 0. */
function startStatusesAtZero(requests: Counter): void {
  const statuses = [200, ...Object.values(PROBLEMS).map((problem) => problem.status)]
  for (const status of new Set(statuses)) {
    const labels = { method: 'POST', route: PREDICT_PATH, status: String(status) }
    requests.inc({ ...labels, ok: String(status < 400) }, 0)
  }
}
