/** Weight of the newest batch: with batches of some milliseconds it is the pace of about a second. */
const WEIGHT = 0.01

/**
 * Tokens that all workers together read in a millisecond, while there is enough to do. It is
 * measured from one batch's end to the next by the clock, so that what else takes the cores'
 * time counts too.
 */
export class PaceMeter {
  #tokens: number
  #ms = 1
  /** When the last batch was done, if more waited then. */
  #since: number | undefined

  /** Begins with a pace that was measured before. */
  constructor(tokensPerMs: number) {
    this.#tokens = tokensPerMs
  }

  get tokensPerMs(): number {
    return this.#tokens / this.#ms
  }

  /** Counts a batch that is done; `more` says whether others wait. */
  count(tokens: number, more: boolean): void {
    const now = performance.now()
    if (this.#since !== undefined) {
      this.#tokens += WEIGHT * (tokens - this.#tokens)
      this.#ms += WEIGHT * (now - this.#since - this.#ms)
    }
    this.#since = more ? now : undefined
  }
}
