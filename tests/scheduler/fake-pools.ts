import type { Pools } from '../../app/scheduler/options.ts'
import type { InferredBatch } from '../../app/workers/messages.ts'
import { answerTo, settled } from '../fakes.ts'

/** Words of a text, plus [CLS] and [SEP]. */
export const tokensOf = (text: string) => text.split(' ').length + 2

/** Timed batches, each of which took a millisecond a token, and as much as so many tokens more. */
export const runsThatCost = (tokens: number) =>
  [16, 32, 64].map((size) => ({ tokens: size, ms: tokens + size }))

/** Batches that the workers take ahead. */
const DEPTH = 8

/**
 * Pools whose tokenizer counts words, synchronously, and whose batches are completed by the test one
 * by one, oldest first. Each character takes `charMs` more milliseconds, as it says.
 */
export function fakePools(size = 1, { charMs = 0, replyDelayMs = 0, tokenizesShort = false } = {}) {
  const chunks: string[][] = []
  const known: string[] = []
  const batches: string[][] = []
  const held: { texts: string[]; task: PromiseWithResolvers<InferredBatch> }[] = []

  const tokenize = (texts: readonly string[]) => {
    const rows = texts.map((text) => new Array<number>(tokensOf(text)).fill(known.push(text) - 1))
    return {
      ids: Int32Array.from(rows.flat()),
      lengths: rows.map((row) => row.length),
      truncated: texts.map((text) => answerTo(text).truncated),
      tokenizeMs: charMs * texts.join('').length || 2,
    }
  }
  const tokenizers: Pools['tokenizers'] = {
    size: 1,
    capacity: 1,
    replyDelayMs: 0,
    async run(texts) {
      chunks.push([...texts])
      return tokenize(texts)
    },
  }
  const workers: Pools['workers'] = {
    size,
    capacity: DEPTH * size,
    replyDelayMs,
    run({ ids, lengths }) {
      let start = 0
      const texts = lengths.map((length) => {
        const text = known[ids[start] ?? -1] ?? 'nobody’s'
        start += length
        return text
      })
      batches.push(texts)
      const task = Promise.withResolvers<InferredBatch>()
      held.push({ texts, task })
      return task.promise
    },
  }
  /** Completes the oldest batch, with predictions or with an error. */
  async function finish(error?: Error): Promise<void> {
    const { task, texts = [] } = held.shift() ?? {}
    if (error) task?.reject(error)
    else task?.resolve({ scores: texts.map((text) => answerTo(text).scores), inferenceMs: 8 })
    await settled()
  }
  const tokenizeShort = tokenizesShort ? tokenize : undefined
  return { pools: { tokenizers, tokenizeShort, workers }, chunks, batches, held, finish }
}
