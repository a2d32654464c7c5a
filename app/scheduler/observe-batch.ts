import type { Metrics } from '../telemetry/metrics.ts'
import { observeStage } from '../telemetry/stage.ts'
import type { TraceBatch } from '../telemetry/trace.ts'
import type { InferredBatch } from '../workers/messages.ts'
import type { Row } from './job.ts'

export interface BatchObserver {
  readonly metrics: Metrics
  readonly traceBatch: TraceBatch
}

/**
 * Records a finished batch in metrics and in its requests' traces. Returns its tokens, and those that
 * the model computed: `area`, with padding.
 */
export function observeBatch(
  { metrics, traceBatch }: BatchObserver,
  rows: readonly Row[],
  { scores, inferenceMs }: InferredBatch,
): { tokens: number; area: number } {
  const lengths = rows.map((row) => row.length)
  const tokens = lengths.reduce((sum, length) => sum + length, 0)
  const area = rows.length * Math.max(...lengths)
  metrics.batchTexts.observe(rows.length)
  metrics.batchTokens.observe(area)
  metrics.tokens.inc(tokens)
  metrics.paddingTokens.inc(area - tokens)
  for (const ofOneText of scores) metrics.confidence.observe(Math.max(...ofOneText))
  observeStage(metrics, { stage: 'inference', ms: inferenceMs })

  const endedAt = performance.now()
  traceBatch(new Set(rows.map(({ job }) => job.call.trace)), {
    startedAt: endedAt - inferenceMs,
    endedAt,
    attributes: {
      'polarity.batch.texts': rows.length,
      'polarity.batch.tokens': area,
      'polarity.batch.padding_tokens': area - tokens,
    },
  })
  return { tokens, area }
}
