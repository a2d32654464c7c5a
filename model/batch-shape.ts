/**
 * Padding tokens that a batch of any size may have: the overhead of a run equals about 16 tokens.
 */
const SPARE_PADDING_TOKENS = 3
/** Padding that a batch may have, as a share of its real tokens. */
const MAX_PADDING_SHARE = 0.04

/** Largest difference in length of two rows that may share a batch of `tokens`. */
export const reachOf = (tokens: number) =>
  Math.floor(Math.max(SPARE_PADDING_TOKENS, MAX_PADDING_SHARE * tokens))

/** The padded shape of a batch: one row per text, as wide as the longest. */
export class BatchShape {
  readonly #maxTokens: number
  #rows = 0
  #width = 0
  #tokens = 0

  /** `maxTokens` bounds rows times width; the first row may have any length. */
  constructor(maxTokens: number) {
    this.#maxTokens = maxTokens
  }

  /** Whether a row of this many tokens fits within the limits of size and padding. */
  admits(length: number): boolean {
    if (this.#rows === 0) return true
    const area = (this.#rows + 1) * Math.max(this.#width, length)
    const tokens = this.#tokens + length
    const allowed = Math.max(SPARE_PADDING_TOKENS, MAX_PADDING_SHARE * tokens)
    return area <= this.#maxTokens && area - tokens <= allowed
  }

  add(length: number): void {
    this.#rows++
    this.#width = Math.max(this.#width, length)
    this.#tokens += length
  }
}
