import { workerData } from 'node:worker_threads'
import { type InferenceOptions, openLogits, type Rows, toInfer } from '../../model/inference.ts'
import { measurePace, type Pace } from '../../model/pace.ts'
import { type WarmUp, type WarmUpOptions, warmUp } from '../../model/warm-up.ts'
import type { InferredBatch } from './messages.ts'
import { lowerPriority, runWorkerLoop, warming } from './worker-loop.ts'

export interface InferenceWorkerOptions extends InferenceOptions, WarmUpOptions {
  /** Undefined: measured at start. */
  readonly maxBatchTokens: number | undefined
}

/** The warm-up result of a session, and its measured pace. */
export interface Warm extends WarmUp {
  readonly pace: Pace
}

// Enough for a cache hit to go first; more would leave it little in a flood from the same cores.
lowerPriority(12)
await warming(async () => {
  const options: InferenceWorkerOptions = workerData
  const logits = await openLogits(options)
  const result = await warmUp(logits, options)
  const infer = toInfer(logits)
  const pace = await measurePace(infer, options.maxBatchTokens)

  runWorkerLoop<Rows, InferredBatch, Warm>({
    ready: { ...result, pace },
    async run(rows) {
      const startedAt = performance.now()
      const scores = await infer(rows)
      return { scores, inferenceMs: performance.now() - startedAt }
    },
  })
})
