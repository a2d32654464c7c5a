import { workerData } from 'node:worker_threads'
import { type InferenceOptions, openLogits, toInfer } from '../../model/inference.ts'
import { openTokenizer } from '../../model/tokenize.ts'
import type { Reading } from '../../model/tokenizer/tokenized-text.ts'
import { checkTokenizer, type WarmUpOptions, warmUp } from '../../model/warm-up.ts'
import { lowerPriority, runWorkerLoop, warming } from './worker-loop.ts'

export type ShadowWorkerOptions = InferenceOptions & WarmUpOptions & Reading

// The lowest: whatever the served model wants to run goes first.
lowerPriority(19)
await warming(async () => {
  const options: ShadowWorkerOptions = workerData
  const tokenizer = await openTokenizer(options.folder, options)
  checkTokenizer(tokenizer, options.selfTest)
  const logits = await openLogits(options)
  await warmUp(logits, options)
  const infer = toInfer(logits)

  /** One by one: no padding, and never more in one run than a text. */
  runWorkerLoop<readonly string[], number[][], null>({
    ready: null,
    async run(texts) {
      const scores: number[][] = []
      for (const text of texts) {
        const ids = Int32Array.from(tokenizer.encode(text).ids)
        scores.push(...(await infer({ ids, lengths: [ids.length] })))
      }
      return scores
    },
  })
})
