import type { BatchLimits } from '../../model/batch-shape.ts'
import type { Pace } from '../../model/pace.ts'
import type { Pool } from '../workers/pool.ts'
import { RunCost } from './run-cost.ts'

/** Smaller batches are not worth a worker of their own, even an idle one. */
const MIN_SHARED_TOKENS = 32
/**
 * Backlog, in full batches per worker, above which batches are full-size and one is prefetched.
 * Below it a small batch answers sooner, and a prefetched one would be better filled later.
 */
const MANY_BATCHES = 2

/** A shorter lag of the event loop is no flood: small batches ahead would only be filled badly. */
const LAG_MS = 25

type Workers = Pick<Pool<unknown, unknown>, 'size' | 'capacity' | 'replyDelayMs'>

/** What the workers have in flight, and how large a batch they may be given next. */
export class Slots {
  readonly #workers: Workers
  readonly #pace: Pace
  readonly runCost: RunCost
  #batches = 0
  #tokens = 0

  constructor(workers: Workers, pace: Pace) {
    this.#workers = workers
    this.#pace = pace
    this.runCost = new RunCost(pace.smallRuns)
  }

  /** Limits of the next batch; `undefined`: none is to be started now. */
  next(waitingTokens: number): BatchLimits | undefined {
    const { maxBatchTokens, fullBatchTokens } = this.#pace
    const { size, capacity } = this.#workers
    const ahead = this.#batchesAhead()
    const most = Math.min(size * (1 + ahead), capacity)
    const many = MANY_BATCHES * fullBatchTokens * size
    // None behind a text of several batches: who comes next would wait for two of them.
    const mayPrefetch = this.#tokens < many * (1 + ahead) && this.#batches < most + size
    if (waitingTokens > many && mayPrefetch && this.#batches < capacity) {
      return { maxTokens: fullBatchTokens }
    }

    if (waitingTokens === 0 || this.#batches >= most) return undefined
    const maxTokens = Math.min(maxBatchTokens, shareOf(waitingTokens, most - this.#batches))
    return { maxTokens, rowPadding: this.runCost.runTokens }
  }

  take(tokens: number): void {
    this.#batches++
    this.#tokens += tokens
  }

  release(tokens: number): void {
    this.#batches--
    this.#tokens -= tokens
  }

  /** Batches that a worker runs while the event loop is too busy to read its outputs. */
  #batchesAhead(): number {
    const { fullBatchTokens, tokensPerMs } = this.#pace
    const { replyDelayMs } = this.#workers
    return replyDelayMs < LAG_MS ? 0 : Math.floor((replyDelayMs * tokensPerMs) / fullBatchTokens)
  }
}

/** What the next of several idle workers takes; the last one may take all, with its padding. */
function shareOf(waitingTokens: number, idle: number): number {
  if (idle === 1) return Number.POSITIVE_INFINITY
  return Math.max(MIN_SHARED_TOKENS, Math.ceil(waitingTokens / idle))
}
