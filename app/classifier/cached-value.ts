import { z } from 'zod'
import type { Prediction } from './classify.ts'

/** The part of a prediction that is cached. */
export type CachedPrediction = Pick<Prediction, 'scores' | 'truncated'>

const score = z.number().min(0).max(1)

/**
 * Compact JSON of a prediction: the scores alone, or with a flag if the text was truncated, so that
 * a cache hit reports truncation as a miss does.
 */
export function toCachedValue({ scores, truncated }: CachedPrediction): string {
  return JSON.stringify(truncated ? { scores, truncated } : scores)
}

/** Parses what `toCachedValue` wrote; `undefined`, a cache miss, for anything else. */
export function createCachedValueReader(
  labels: number,
): (value: string) => CachedPrediction | undefined {
  const Scores = z.array(score).length(labels)
  const Value = z.union([
    Scores.transform((scores) => ({ scores, truncated: false })),
    z.strictObject({ scores: Scores, truncated: z.literal(true) }),
  ])

  return (value) => {
    try {
      return Value.safeParse(JSON.parse(value)).data
    } catch {
      return undefined
    }
  }
}
