import { createScheduler } from '../../app/scheduler/scheduler.ts'
import { createMetrics } from '../../app/telemetry/metrics.ts'
import { createCall, fakeClock, LABELS, settled } from '../fakes.ts'
import { fakePools, runsThatCost } from './fake-pools.ts'

/** Tokens of a text with one word. */
export const WORD = 3

/** A scheduler over pools whose batches are completed by the test. */
export function setup({
  workers = 1,
  maxBatchTokens = 2 * WORD,
  fullBatchTokens = 0,
  maxQueueTokens = 10 * WORD,
  maxQueueSeconds = 1000,
  charMs = 0,
  replyDelayMs = 0,
  tokenizesShort = false,
  runTokens = 0,
} = {}) {
  const metrics = createMetrics(LABELS)
  const clock = fakeClock()
  const { pools, chunks, batches, finish } = fakePools(workers, {
    charMs,
    replyDelayMs,
    tokenizesShort,
  })
  const pace = {
    maxBatchTokens,
    fullBatchTokens: Math.max(maxBatchTokens, fullBatchTokens),
    tokensPerMs: 1,
    smallRuns: runsThatCost(runTokens),
  }
  const { classify, hasWaiting, refusalOf, refusalOfTexts } = createScheduler(pools, {
    maxTokens: 100,
    maxQueueTokens,
    maxQueueSeconds,
    pace,
    metrics,
    traceBatch: () => undefined,
    now: clock.now,
  })
  const ask = (...texts: string[]) => classify(texts, createCall())
  const askAs = (caller: string, ...texts: string[]) => classify(texts, createCall({ caller }))
  /** Sends requests one after the other and ignores their outcomes. */
  async function begin(...requests: string[][]): Promise<void> {
    for (const texts of requests) {
      void ask(...texts)
      await settled()
    }
  }
  const refusing = { refusalOf, refusalOfTexts }
  const asking = { classify, hasWaiting, ask, askAs, begin }
  return { clock, metrics, chunks, batches, finish, ...refusing, ...asking }
}
