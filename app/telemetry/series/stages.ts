import { Histogram, type OpenMetricsContentType, Registry } from 'prom-client'
import type { Exemplar } from '../trace.ts'
import { LATENCY_BUCKETS } from './buckets.ts'

/** Latency by stage. */
export const stageMetrics = () => ({
  stageSeconds: new Histogram<'stage' | keyof Exemplar>({
    name: 'polarity_stage_duration_seconds',
    help: 'Duration of a stage in seconds: cache and queue per request, tokenize and inference per batch.',
    labelNames: ['stage'],
    buckets: LATENCY_BUCKETS,
    enableExemplars: true,
    registers: [createOpenMetrics()],
  }),
})

/**
 * prom-client allows exemplars only on metrics of an OpenMetrics registry; `scrape` picks the
 * format.
 */
function createOpenMetrics(): Registry<OpenMetricsContentType> {
  const registry = new Registry<OpenMetricsContentType>()
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
  return registry
}
