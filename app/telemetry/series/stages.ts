import { Histogram, type OpenMetricsContentType, Registry } from 'prom-client'
import type { Exemplar } from '../trace.ts'
import { LATENCY_BUCKETS } from './buckets.ts'

/** Where the time goes. */
export const stageMetrics = () => ({
  stageSeconds: new Histogram<'stage' | keyof Exemplar>({
    name: 'polarity_stage_duration_seconds',
    help: 'Time of a stage: cache and queue for each request, tokenize and inference for each batch.',
    labelNames: ['stage'],
    buckets: LATENCY_BUCKETS,
    enableExemplars: true,
    registers: [createOpenMetrics()],
  }),
})

/** prom-client makes a metric with exemplars only for such a registry; `scrape` chooses the format. */
function createOpenMetrics(): Registry<OpenMetricsContentType> {
  const registry = new Registry<OpenMetricsContentType>()
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
  return registry
}
