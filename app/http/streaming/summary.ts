import type { Prediction } from '../../classifier/classify.ts'
import type { AppError } from '../../errors.ts'
import { indexOfHighest } from '../../label-scores.ts'
import { type AnsweredRow, isRowError, type Position, type RowError } from './row.ts'

/** What became of a stream; its last line. */
export interface Summary {
  /** Rows answered, those with an error among them. */
  readonly rows: number
  /** Predictions by winning label. */
  readonly labels: Readonly<Record<string, number>>
  readonly errors: number
  /** Predictions that a cache had. */
  readonly cached: number
  readonly truncated: number
  readonly seconds: number
  /** Whether all rows of the request were answered. */
  readonly complete: boolean
  /** If not: where the first row begins that was not. */
  readonly next?: Position
  /** And why. */
  readonly error?: RowError
  /** And in how many seconds the rest may be sent; absent if that would be no better. */
  readonly retry_after?: number
}

/** Counts the rows of a stream as they are answered. */
export class Tally {
  readonly #labels: readonly string[]
  readonly #startedAt = performance.now()
  readonly #byLabel: number[]
  readonly #onCount: (rows: number, errors: number) => void
  rows = 0
  errors = 0
  #cached = 0
  #truncated = 0

  /** `onCount` is told of the rows and the errors among them, whenever some were answered. */
  constructor(labels: readonly string[], onCount: (rows: number, errors: number) => void) {
    this.#labels = labels
    this.#onCount = onCount
    this.#byLabel = labels.map(() => 0)
  }

  count(answered: readonly AnsweredRow[]): void {
    let errors = 0
    for (const { outcome } of answered) {
      if (isRowError(outcome)) errors++
      else this.#countPrediction(outcome)
    }
    this.rows += answered.length
    this.errors += errors
    this.#onCount(answered.length, errors)
  }

  complete(): Summary {
    return { ...this.#counts(), complete: true }
  }

  /** Of a stream that ends before its rows do. */
  incomplete(next: Position, { code, message, headers }: AppError): Summary {
    const seconds = headers['Retry-After']
    return {
      ...this.#counts(),
      complete: false,
      next,
      error: { code, message },
      ...(seconds !== undefined && { retry_after: Number(seconds) }),
    }
  }

  #countPrediction({ scores, source, truncated }: Prediction): void {
    const winner = indexOfHighest(scores)
    this.#byLabel[winner] = (this.#byLabel[winner] ?? 0) + 1
    if (source === 'memory' || source === 'redis') this.#cached++
    if (truncated) this.#truncated++
  }

  #counts() {
    return {
      rows: this.rows,
      labels: Object.fromEntries(this.#labels.map((label, i) => [label, this.#byLabel[i] ?? 0])),
      errors: this.errors,
      cached: this.#cached,
      truncated: this.#truncated,
      seconds: Math.round(performance.now() - this.#startedAt) / 1000,
    }
  }
}
