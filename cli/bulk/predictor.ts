import type { Explanation } from '../../app/classifier/classify.ts'
import { CommandError } from '../command.ts'
import type { Outcome } from './outcome.ts'
import type { RowError } from './row.ts'

/** What people want to know of a model whose answers they read. */
export interface ModelFacts {
  readonly id: string
  readonly source: string
  readonly version: string | null
  /** Null if it is not known. */
  readonly license: string | null
  /** Scores of the last of two labels between which an answer is unsure, by the model's card; null if it has none. */
  readonly unsure: readonly [number, number] | null
}

/** What classifies texts: the model in this process, or a service. */
export interface Predictor {
  readonly model: ModelFacts
  /** Of the model that answers. */
  readonly digest: string
  readonly labels: readonly string[]
  /** What is read of a long text. */
  readonly longTexts: string
  /** Code points of a text at most, if it has such a bound. */
  readonly maxChars?: number
  /** Calls of `predict` under way at once that keep it busy. */
  readonly calls: number
  /** One outcome a text, in the same order, or why it has none. */
  predict(texts: readonly string[]): Promise<readonly (Outcome | RowError)[]>
  /** The same, with why each text has the score of the last label; rejects if a text has none. */
  explain(texts: readonly string[]): Promise<readonly ExplainedOutcome[]>
  /** What its answers wait for just now, if they do. */
  trouble(): string | undefined
  close(): Promise<void>
}

export interface ExplainedOutcome extends Outcome {
  readonly explanation: Explanation | undefined
}

/** A service answers no more: what it was asked for can go on later. */
export class ServiceError extends CommandError {
  override readonly name = 'ServiceError'
}
