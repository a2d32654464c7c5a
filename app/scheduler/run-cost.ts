import { SMALL_BATCH_TOKENS } from '../../model/batch-shape.ts'
import type { TimedRun } from '../../model/pace.ts'

/** Weight of the newest run in the moving averages: with runs of some milliseconds, a second or two. */
const WEIGHT = 0.005
/** A run that takes so many times what the line says was interrupted, and counts as no more. */
const MAX_DEVIATION = 3
/** Runs of nearly one size say nothing about the line; in tokens squared. */
const MIN_VARIANCE = 25
/** What may be measured at most, however busy the machine. */
const MAX_RUN_TOKENS = 32

/**
 * What a small run costs beside its tokens, in tokens: `a / b`, where runs take `a + b x tokens`, by
 * least squares. It starts with the runs that were timed before the service was ready, and follows
 * those that it makes then: if the machine was busy at the start, or is now, that wears off.
 */
export class RunCost {
  #tokens: number
  #ms: number
  #variance: number
  #covariance: number
  #runTokens = 0

  constructor(runs: readonly TimedRun[]) {
    this.#tokens = mean(runs.map(({ tokens }) => tokens))
    this.#ms = mean(runs.map(({ ms }) => ms))
    this.#variance = mean(runs.map(({ tokens }) => (tokens - this.#tokens) ** 2))
    this.#covariance = mean(runs.map(({ tokens, ms }) => (tokens - this.#tokens) * (ms - this.#ms)))
    this.#fit()
  }

  get runTokens(): number {
    return this.#runTokens
  }

  /** Counts a run of so many tokens, padding included. */
  count({ tokens, ms }: TimedRun): void {
    if (tokens > SMALL_BATCH_TOKENS) return
    const more = tokens - this.#tokens
    const later = Math.min(ms, MAX_DEVIATION * this.#expected(tokens)) - this.#ms
    this.#tokens += WEIGHT * more
    this.#ms += WEIGHT * later
    this.#variance = (1 - WEIGHT) * (this.#variance + WEIGHT * more ** 2)
    this.#covariance = (1 - WEIGHT) * (this.#covariance + WEIGHT * more * later)
    this.#fit()
  }

  #expected(tokens: number): number {
    return (this.#ms * (this.#runTokens + tokens)) / (this.#runTokens + this.#tokens)
  }

  #fit(): void {
    if (this.#variance < MIN_VARIANCE || this.#covariance <= 0) return
    const runTokens = (this.#ms * this.#variance) / this.#covariance - this.#tokens
    this.#runTokens = Math.min(Math.max(0, runTokens), MAX_RUN_TOKENS)
  }
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length
