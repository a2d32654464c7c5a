import { Counter, Histogram } from 'prom-client'
import { httpMetrics } from '../app/http/http-metrics.ts'
import { createMetrics } from '../app/telemetry/metrics.ts'
import { observeStage } from '../app/telemetry/stage.ts'
import { median } from './statistics.ts'

/** Prints the microseconds of each metric update that a cache hit causes. */
const UPDATES = 300_000
const ROUNDS = 5

const metrics = createMetrics(['NEGATIVE', 'POSITIVE'])
httpMetrics(metrics)
const requests = metrics.registry.getSingleMetric('http_requests_total')
const durations = metrics.registry.getSingleMetric('http_request_duration_seconds')
const REQUEST = { method: 'POST', route: '/predict', status: '200', ok: 'true' }
const memoryGet = metrics.cacheSeconds.series({ tier: 'memory', operation: 'get' })
const memoryHits = metrics.cacheLookups.series({ tier: 'memory', result: 'hit' })
const fromMemory = metrics.texts.series({ source: 'memory' })
const positive = metrics.predictions.series({ label: 'POSITIVE' })
const updates: Record<string, () => unknown> = {
  polarity_texts_total: () => fromMemory.inc(3),
  polarity_predictions_total: () => positive.inc(2),
  polarity_cache_lookups_total: () => memoryHits.inc(3),
  polarity_cache_duration_seconds: () => memoryGet.observe(0.000_02),
  polarity_stage_duration_seconds: () => observeStage(metrics, { stage: 'cache', ms: 0.02 }),
  http_requests_total: () => requests instanceof Counter && requests.inc(REQUEST),
  http_request_duration_seconds: () =>
    durations instanceof Histogram && durations.observe({ ...REQUEST, cache: 'HIT' }, 0.0002),
}

const microseconds = (update: () => unknown) => {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const startedAt = performance.now()
    for (let i = 0; i < UPDATES; i++) update()
    return ((performance.now() - startedAt) * 1000) / UPDATES
  })
  return median(rounds)
}

const measured = Object.entries(updates).map(([name, update]) => [name, microseconds(update)])
process.stdout.write(JSON.stringify(Object.fromEntries(measured)))
