import type { AppError } from '../errors.ts'
import type { SOURCES } from '../telemetry/labels.ts'
import type { Timing } from '../telemetry/timing.ts'
import type { Trace } from '../telemetry/trace.ts'

/** The model's output for one text. */
export interface Prediction {
  /** Softmax, one score per label in class-id order, summing to 1. */
  readonly scores: readonly number[]
  /** Whether the text was longer than the model's input limit, and was cut. */
  readonly truncated: boolean
  readonly source: (typeof SOURCES)[number]
  /** Its JSON in an answer, where that is kept. */
  readonly json?: string
  /** Why, where that was asked for. */
  readonly explanation?: Explanation
}

/** A part of a text, in UTF-16 code units, and how far it pushes a label's score. */
export interface Push {
  readonly from: number
  /** Exclusive. */
  readonly to: number
  /** The score of the text less that of the text without the part. */
  readonly push: number
}

/** Why a text has a label's score. */
export interface Explanation {
  readonly label: string
  /** The label's score of the whole text. */
  readonly base: number
  /** In the order of the text; of a long one those of the passages that push most. */
  readonly words: readonly (Push & { readonly text: string })[]
  /** All of them, for a text with too many words. */
  readonly passages?: readonly Push[]
}

/** The context of one request. */
export interface Call {
  /**
   * Aborts when the caller disconnects or its deadline passes; the reason is an `AppError`. The
   * first call starts the timer, so that a cache hit needs none.
   */
  signal(): AbortSignal
  readonly timing: Timing
  readonly trace: Trace
  /** Identity of the caller: the digest of its API key, or its address. */
  caller(): string
  /** Told of the caller's rate limit whenever it has changed. */
  readonly onQuota?: (quota: Quota) => void
  /** Whether all other requests of the same caller go first: it is a part of something long. */
  readonly behindOthers?: boolean
  /** The deadline, in milliseconds on the process's monotonic clock. */
  readonly deadlineAt: number
  /**
   * Told of each distinct text's prediction as soon as it is there, which may be long before the last
   * one is; must not throw. Whoever answers at once need not tell.
   */
  readonly onPrediction?: (text: string, prediction: Prediction) => void
  /**
   * Has a listener told of each request that waits for one of the texts, which was sent for another:
   * of those that wait already at once.
   */
  readonly onFollower?: (listener: (text: string, follower: Follower) => void) => void
}

/** The texts a minute that a caller has, and what is left of them now; below 0: a debt. */
export interface Quota {
  readonly textsPerMinute: number
  readonly left: number
}

/** A request that waits for a text that another one has sent. */
export interface Follower {
  readonly caller: string
  /** All texts that it asks for. */
  readonly texts: readonly string[]
  readonly deadlineAt: number
}

type Predictions = readonly Prediction[]

/**
 * The central interface: texts in, one prediction per text out, in the same order. The scheduler
 * implements it, and so does every wrapper around it.
 */
export type Classify = (texts: readonly string[], call: Call) => Promise<Predictions>

/** As `Classify`, but what is known is there at once: a promise costs a cache hit more than the lookup. */
export type ClassifyAtOnce = (
  texts: readonly string[],
  call: Call,
) => Promise<Predictions> | Predictions

interface ExplainedPrediction extends Prediction {
  readonly explanation: Explanation
}

/** For the class id of a label: answers as `Classify` does, and explains the label's scores. */
export type Explain = (
  label: number,
) => (texts: readonly string[], call: Call) => Promise<readonly ExplainedPrediction[]>

/**
 * Says early, before a body is read, whom the queue would refuse: the error of a caller that was
 * refused just now for no more than this, else `undefined`. A cache may still know the texts.
 */
export type RefusalOf = (
  caller: string,
  least: { readonly tokens: number; readonly chars: number },
) => AppError | undefined

/** As `RefusalOf`, for the texts themselves. */
export type RefusalOfTexts = (texts: readonly string[], caller: string) => AppError | undefined
