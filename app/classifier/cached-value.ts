import { z } from 'zod'
import type { Prediction } from './classify.ts'

/** The part of a prediction that is cached. */
export type CachedPrediction = Pick<Prediction, 'scores' | 'truncated'>

/** `toCachedValue` writes a score in 24 characters at most, with its comma. */
const MAX_SCORE_CHARS = 32
/** All else that it writes. */
const MAX_FRAME_CHARS = 64
/** Rounding alone moves the sum by far less. */
const SUM_TOLERANCE = 1e-6

const score = z.number().min(0).max(1)

const sumsToOne = (scores: readonly number[]) =>
  Math.abs(scores.reduce((sum, one) => sum + one, 0) - 1) <= SUM_TOLERANCE

/**
 * Compact JSON of a prediction: the scores alone, or with a flag if the text was truncated, so that
 * a cache hit reports truncation as a miss does.
 */
export function toCachedValue({ scores, truncated }: CachedPrediction): string {
  return JSON.stringify(truncated ? { scores, truncated } : scores)
}

/**
 * Parses what `toCachedValue` wrote; `undefined`, a cache miss, for anything else. What is longer than
 * a true value is not even parsed: that would hold up the event loop.
 */
export function createCachedValueReader(
  labels: number,
): (value: string) => CachedPrediction | undefined {
  const Scores = z.array(score).length(labels).refine(sumsToOne)
  const maxChars = MAX_FRAME_CHARS + labels * MAX_SCORE_CHARS
  const Value = z.union([
    Scores.transform((scores) => ({ scores, truncated: false })),
    z.strictObject({ scores: Scores, truncated: z.literal(true) }),
  ])

  return (value) => {
    if (value.length > maxChars) return undefined
    try {
      return Value.safeParse(JSON.parse(value)).data
    } catch {
      return undefined
    }
  }
}
