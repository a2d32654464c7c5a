import { openThread, type Thread } from '../app/workers/thread.ts'
import type { Rows } from '../model/inference.ts'
import type { ModelInfo } from '../model/model-info.ts'
import { openTokenizer } from '../model/tokenize.ts'
import { partsOf } from './texts.ts'

/** Tokens per batch. A longer text is a batch of its own. */
const BATCH_TOKENS = [64, 128, 256, 512]
/** Share of the texts that is used to find the best batch size. */
const TRIAL_SHARE = 0.15

interface CeilingRate {
  readonly rate: number
  readonly batchTokens: number
}

interface Work {
  readonly batches: readonly Rows[]
  readonly taken: Int32Array
}

/**
 * The upper bound of throughput (ceiling) of some sessions: batches of equal length, tokenized
 * beforehand, without messages or HTTP.
 */
export async function openCeiling(model: ModelInfo, workers: number) {
  const tokenizer = await openTokenizer(model.folder, { ...model, longTexts: 'truncate' })
  const script = new URL('./ceiling-worker.ts', import.meta.url)
  const { folder, padId, maxTokens } = model
  const threads = await Promise.all(
    Array.from({ length: workers }, () =>
      openThread<Work, number, null>(script, {
        workerData: { folder, padId, maxTokens },
        terminable: false,
      }),
    ),
  )
  return {
    /** Texts per second at the best batch size, and that size in tokens. */
    async measure(texts: readonly string[]): Promise<CeilingRate> {
      const rows = texts.map((text) => tokenizer.encode(text).ids)
      const some = rows.slice(0, Math.ceil(rows.length * TRIAL_SHARE))
      let best: CeilingRate = { rate: 0, batchTokens: 0 }
      for (const batchTokens of BATCH_TOKENS) {
        const rate = await rateOf(threads, toBatches(some, batchTokens))
        if (rate > best.rate) best = { rate, batchTokens }
      }
      const { batchTokens } = best
      return { rate: await rateOf(threads, toBatches(rows, batchTokens)), batchTokens }
    },
    async close() {
      await Promise.all(threads.map((thread) => thread.close()))
    },
  }
}

/** The ceiling for one list of texts, on new sessions, in texts per second. */
export async function rateOfCeiling(
  model: ModelInfo,
  workers: number,
  texts: readonly string[],
): Promise<number> {
  const ceiling = await openCeiling(model, workers)
  const { rate } = await ceiling.measure(texts)
  await ceiling.close()
  return rate
}

async function rateOf(
  threads: readonly Thread<Work, number, null>[],
  batches: readonly Rows[],
): Promise<number> {
  const taken = new Int32Array(new SharedArrayBuffer(4))
  const startedAt = performance.now()
  const done = await Promise.all(threads.map((thread) => thread.run({ batches, taken }, 600)))
  const seconds = (performance.now() - startedAt) / 1000
  return done.reduce((sum, texts) => sum + texts, 0) / seconds
}

/** Batches of equal length, longest first, so that all threads finish at about the same time. */
function toBatches(rows: readonly (readonly number[])[], tokens: number): Rows[] {
  const byLength = Map.groupBy(rows, (row) => row.length)
  return [...byLength]
    .sort(([a], [b]) => b - a)
    .flatMap(([length, same]) => partsOf(same, Math.max(1, Math.floor(tokens / length))))
    .map((batch) => ({
      ids: Int32Array.from(batch.flat()),
      lengths: batch.map((row) => row.length),
    }))
}
