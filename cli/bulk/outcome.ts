import type { Row } from './row.ts'

/** What the model says of a text. */
export interface Outcome {
  readonly label: string
  /** Of the label. */
  readonly score: number
  /** Of the last label, POSITIVE in the bundled model. */
  readonly lastScore: number
  /** Whether the text was longer than the model reads, and was cut. */
  readonly truncated: boolean
  /** Whether it was known from an equal text before. */
  readonly cached: boolean
}

/** A row with its outcome; without one it is a row with an error. */
export interface Answered {
  readonly row: Row
  readonly outcome: Outcome | undefined
}

/** The winning label of scores in the order of the labels. */
export function toOutcome(
  labels: readonly string[],
  {
    scores,
    truncated,
    source,
  }: { readonly scores: readonly number[]; readonly truncated: boolean; readonly source: string },
): Outcome {
  const score = Math.max(...scores)
  return {
    label: labels[scores.indexOf(score)] ?? '',
    score,
    lastScore: scores.at(-1) ?? 0,
    truncated,
    cached: source !== 'model',
  }
}
