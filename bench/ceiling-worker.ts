import { workerData } from 'node:worker_threads'
import { lowerPriority, runWorkerLoop } from '../app/workers/worker-loop.ts'
import { openInference, type Rows } from '../model/inference.ts'

/**
 * Batches to run in a bare loop; `taken`, the next index, is shared by all threads to balance them.
 */
interface Work {
  readonly batches: readonly Rows[]
  readonly taken: Int32Array
}

lowerPriority(10)
const infer = await openInference(workerData)
for (const length of [8, 64]) {
  await infer({ ids: new Int32Array(8 * length).fill(1), lengths: Array(8).fill(length) })
}

runWorkerLoop<Work, number, null>({
  ready: null,
  async run({ batches, taken }) {
    let done = 0
    for (;;) {
      const batch = batches[Atomics.add(taken, 0, 1)]
      if (!batch) return done
      done += (await infer(batch)).length
    }
  },
})
