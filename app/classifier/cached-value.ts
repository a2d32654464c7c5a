import { z } from 'zod'
import type { Prediction } from './classify.ts'

/** What a cache keeps of an answer. */
export type Remembered = Pick<Prediction, 'scores' | 'truncated'>

const score = z.number().min(0).max(1)

/**
 * Compact JSON of an answer: the scores alone, or with a mark if the text was cut,
 * because a remembered answer must name the texts that were cut as a fresh one does.
 */
export function toCachedValue({ scores, truncated }: Remembered): string {
  return JSON.stringify(truncated ? { scores, truncated } : scores)
}

/** Reads what `toCachedValue` wrote; `undefined` for anything else, which then counts as a miss. */
export function createCachedValueReader(labels: number): (value: string) => Remembered | undefined {
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
