import type { Clock } from '../clock.ts'

/** Weight of the newest batch in the moving average: with batches of some milliseconds, about a second. */
const WEIGHT = 0.01

/** The tokenizer has larger chunks, and what is slow must be seen at once. */
const CHUNK_WEIGHT = 0.1
/** Until it is measured: less than a tokenizer reaches with text that is not hostile. */
const FIRST_CHARS_PER_MS = 1000

/** Throughput of the tokenizer: a moving average over its chunks, by the time that they take. */
export class TokenizerThroughput {
  // A small chunk, so that the first true ones outweigh it.
  #ms = 0.1
  #chars = FIRST_CHARS_PER_MS * this.#ms

  get charsPerMs(): number {
    return this.#chars / this.#ms
  }

  /** Counts a chunk that is done. */
  count(chars: number, milliseconds: number): void {
    this.#chars += CHUNK_WEIGHT * (Math.max(1, chars) - this.#chars)
    this.#ms += CHUNK_WEIGHT * (milliseconds - this.#ms)
  }
}

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
