import type { SOURCES } from '../telemetry/labels.ts'
import type { Timing } from '../telemetry/timing.ts'
import type { Trace } from '../telemetry/trace.ts'

/** What the model says of one text. */
export interface Prediction {
  /** Softmax, one score per label in class-id order, summing to 1. */
  readonly scores: readonly number[]
  /** Whether the text was longer than the model reads, and was cut. */
  readonly truncated: boolean
  readonly source: (typeof SOURCES)[number]
}

/** What travels with the texts of one request. */
export interface Call {
  /** Aborts when the caller leaves or its deadline passes; the reason is an `AppError`. Starts the timer when it is first called: a cache hit needs none. */
  signal(): AbortSignal
  readonly timing: Timing
  readonly trace: Trace
  /** Who asks: the digest of an API key, or an address. Looked up when it is first called. */
  caller(): string
  /** When its answer is of no more use, in milliseconds on the process's monotonic clock. */
  readonly deadlineAt: number
}

/**
 * The one shape of the house: texts in, one prediction per text out, in the same order.
 * The scheduler over the worker pool has it, and so has every wrapper around that.
 */
export type Classify = (texts: readonly string[], call: Call) => Promise<readonly Prediction[]>
