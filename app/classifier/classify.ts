import type { Timing } from '../telemetry/timing.ts'
import type { Trace } from '../telemetry/trace.ts'

/** What the model says of one text. */
export interface Answer {
  /** Softmax, one score per label in class-id order, summing to 1. */
  readonly scores: readonly number[]
  /** Whether the text was longer than the model reads, and was cut. */
  readonly truncated: boolean
  readonly source: 'memory' | 'redis' | 'coalesced' | 'model'
}

/** What travels with the texts of one request. */
export interface Call {
  /** Aborts when the caller left or its deadline passed; the reason is an `AppError`. */
  readonly signal: AbortSignal
  readonly timing: Timing
  readonly trace: Trace
  /** Who asks: the digest of an API key, or an address. */
  readonly caller: string
  /** When its answer is of no more use, in milliseconds on the clock of `performance.now()`. */
  readonly deadlineAt: number
}

/**
 * The one shape of the house: texts in, one answer per text out, in the same order.
 * The scheduler over the worker pool has it, and so has every wrapper around that.
 */
export type Classify = (texts: readonly string[], call: Call) => Promise<readonly Answer[]>
