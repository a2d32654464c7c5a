import type { Rows } from '../../model/inference.ts'
import type { Pace } from '../../model/pace.ts'
import type { Clock } from '../clock.ts'
import type { InferredBatch, TokenizedTexts } from '../workers/messages.ts'
import type { Pool } from '../workers/pool.ts'
import type { BatchObserver } from './observe-batch.ts'

export interface Pools {
  readonly tokenizers: Pool<readonly string[], TokenizedTexts>
  /** Tokenizes short texts in this thread; `undefined` where not even those are sure to take no time. */
  readonly tokenizeShort?: ((texts: readonly string[]) => TokenizedTexts) | undefined
  readonly workers: Pool<Rows, InferredBatch>
}

export interface SchedulerOptions extends BatchObserver {
  /** Tokens that are read of one text at most. */
  readonly maxTokens: number
  readonly maxQueueTokens: number
  /** The longest that a request may wait for its turn. */
  readonly maxQueueSeconds: number
  /** Calibration of one worker, measured at its start. */
  readonly pace: Pace
  readonly now: Clock
}
