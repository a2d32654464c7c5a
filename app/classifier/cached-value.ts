import { z } from 'zod'
import { createScoresWriter } from '../label-scores.ts'
import type { Prediction } from './classify.ts'

/** The part of a prediction that is cached, and its JSON where that costs nothing. */
export type CachedPrediction = Pick<Prediction, 'scores' | 'truncated' | 'json'>

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
 * a true value is not even parsed: that would hold up the event loop. Plain scores are seen at a
 * glance, for a tenth of the schema's time.
 */
export function createCachedValueReader(
  labels: readonly string[],
): (value: string) => CachedPrediction | undefined {
  const Scores = z.array(score).length(labels.length).refine(sumsToOne)
  const maxChars = MAX_FRAME_CHARS + labels.length * MAX_SCORE_CHARS
  const toJson = createScoresWriter(labels)
  const Value = z.union([
    Scores.transform((scores) => ({ scores, truncated: false })),
    z.strictObject({ scores: Scores, truncated: z.literal(true) }),
  ])

  return (value) => {
    if (value.length > maxChars) return undefined
    const parsed = parse(value)
    if (isPlainScores(parsed, labels.length) && value.startsWith('[') && value.endsWith(']')) {
      // Its numbers are JSON: to write them again takes longer than all else about a hit.
      const json = toJson(value.slice(1, -1).split(','))
      return { scores: parsed, truncated: false, json }
    }
    return Value.safeParse(parsed).data
  }
}

function parse(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}

/** Only the commonest values: `false` means that the schema must decide. */
function isPlainScores(value: unknown, labels: number): value is readonly number[] {
  return Array.isArray(value) && value.length === labels && value.every(isScore) && sumsToOne(value)
}

const isScore = (value: unknown) => typeof value === 'number' && value >= 0 && value <= 1
