import type { Registry } from 'prom-client'
import type { Stage } from '../timing.ts'
import { LATENCY_BUCKETS } from './buckets.ts'
import { type HistogramSeries, KeptHistogram } from './kept-histogram.ts'

/** Latency by stage. */
export function stageMetrics(registers: Registry[]) {
  const seconds = new KeptHistogram({
    name: 'polarity_stage_duration_seconds',
    help: 'Duration of a stage in seconds: cache and queue per request, tokenize and inference per batch.',
    labelNames: ['stage'],
    buckets: LATENCY_BUCKETS,
    registers,
  })
  const stageSeconds: Readonly<Record<Stage, HistogramSeries>> = {
    cache: seconds.series({ stage: 'cache' }),
    queue: seconds.series({ stage: 'queue' }),
    tokenize: seconds.series({ stage: 'tokenize' }),
    inference: seconds.series({ stage: 'inference' }),
  }
  return { stageSeconds }
}
