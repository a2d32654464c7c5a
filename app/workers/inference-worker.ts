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
  /** How long the weights, the self-test and the measured pace have taken. */
  readonly ms: { readonly load: number; readonly selfTest: number; readonly pace: number }
}

// Enough for a cache hit to go first; more would leave it little in a flood from the same cores.
lowerPriority(12)
await warming(async () => {
  const options: InferenceWorkerOptions = workerData
  const startedAt = performance.now()
  const logits = await openLogits(options)
  const loadedAt = performance.now()
  const result = await warmUp(logits, options)
  const testedAt = performance.now()
  const infer = toInfer(logits)
  const pace = await measurePace(infer, options.maxBatchTokens)
  const ms = {
    load: loadedAt - startedAt,
    selfTest: testedAt - loadedAt,
    pace: performance.now() - testedAt,
  }

  runWorkerLoop<Rows, InferredBatch, Warm>({
    ready: { ...result, pace, ms },
    async run(rows) {
      const startedAt = performance.now()
      const scores = await infer(rows)
      return { scores, inferenceMs: performance.now() - startedAt }
    },
  })
})
