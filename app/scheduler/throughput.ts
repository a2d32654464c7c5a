import type { Clock } from '../clock.ts'

/** Weight of the newest batch in the moving average: with batches of some milliseconds, about a second. */
const WEIGHT = 0.01

/**
 * Saturated throughput of all workers together: an exponentially weighted moving average (EWMA)
 * over the wall time between two batch completions, so that whatever else takes the cores counts.
 */
export class Throughput {
  readonly #now: Clock
  #tokens: number
  #ms = 1
  /** When the last batch was done, if more waited then. */
  #since: number | undefined

  /** Starts with what was measured before. */
  constructor(tokensPerMs: number, now: Clock) {
    this.#tokens = tokensPerMs
    this.#now = now
  }

  get tokensPerMs(): number {
    return this.#tokens / this.#ms
  }

  /** Counts a batch that is done; `saturated` says whether more rows wait, so that no idle time is counted. */
  count(tokens: number, saturated: boolean): void {
    const now = this.#now()
    if (this.#since !== undefined) {
      this.#tokens += WEIGHT * (tokens - this.#tokens)
      this.#ms += WEIGHT * (now - this.#since - this.#ms)
    }
    this.#since = saturated ? now : undefined
  }
}
