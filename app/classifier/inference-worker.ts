import { workerData } from 'node:worker_threads'
import { measurePace, type Pace } from '../../model/batching.ts'
import { type InferenceOptions, openInference, type Rows } from '../../model/inference.ts'
import type { Inferred } from './protocol.ts'
import { lowerPriority, serveThread } from './serve-thread.ts'

export interface InferenceWorkerOptions extends InferenceOptions {
  /** Undefined: chosen by a measurement. */
  readonly maxBatchTokens: number | undefined
}

lowerPriority(19)
const options: InferenceWorkerOptions = workerData
const infer = await openInference(options)
const pace = await measurePace(infer, options.maxBatchTokens)

serveThread<Rows, Inferred, Pace>({
  ready: pace,
  async run(rows) {
    const startedAt = performance.now()
    const scores = await infer(rows)
    return { scores, inferenceMs: performance.now() - startedAt }
  },
})
