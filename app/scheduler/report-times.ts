import type { Clock } from '../clock.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { observeStage } from '../telemetry/stage.ts'
import type { Job } from './job.ts'

interface Reporting {
  readonly metrics: Metrics
  readonly now: Clock
}

/**
 * Reports the times of a request that is answered. For one split over batches only the last batch's
 * time counts as inference, so that stages sum to the total.
 */
export function reportTimes(
  { call, admittedAt, tokenizeMs, tokenizedAt }: Job,
  inferenceMs: number,
  { metrics, now }: Reporting,
): void {
  const startedAt = now() - inferenceMs
  const queuedMs = Math.max(0, startedAt - admittedAt - tokenizeMs)
  const { timing, trace } = call
  trace.add('queue', { startedAt: tokenizedAt, endedAt: Math.max(tokenizedAt, startedAt) })
  timing.add('queue', queuedMs)
  timing.add('tokenize', tokenizeMs)
  timing.add('inference', inferenceMs)
  observeStage(metrics, { stage: 'queue', ms: queuedMs, trace })
}
