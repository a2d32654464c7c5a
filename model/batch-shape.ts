/** Padding that a batch may hold whatever its size, in tokens: a run costs as much as 16 of them. */
const SPARE_PADDING_TOKENS = 3
/** Padding that a batch may hold as a share of its real tokens. */
const MAX_PADDING_SHARE = 0.04

/** How far in length two rows can be apart and still share a batch of `tokens`. */
export const reachOf = (tokens: number) =>
  Math.floor(Math.max(SPARE_PADDING_TOKENS, MAX_PADDING_SHARE * tokens))

/** The rectangle of tokens that a batch becomes: one row for each text, as wide as the longest. */
export class BatchShape {
  readonly #maxTokens: number
  #rows = 0
  #width = 0
  #tokens = 0

  /** `maxTokens` bounds rows times width; a first row is taken at any length. */
  constructor(maxTokens: number) {
    this.#maxTokens = maxTokens
  }

  /** Whether a row of this many tokens fits without more padding than pays. */
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
