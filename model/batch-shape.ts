/** Padding tokens that a batch of any size may have. */
const SPARE_PADDING_TOKENS = 3
/** Padding that a batch may have, as a share of its real tokens. */
const MAX_PADDING_SHARE = 0.04
/**
 * A batch of up to so many tokens, padding included, takes `a + b x tokens`. A larger one takes nearly
 * in proportion to its tokens, so that padding saves nothing.
 */
export const SMALL_BATCH_TOKENS = 64

export interface BatchLimits {
  /** Bounds rows times width; the first row may have any length. */
  readonly maxTokens: number
  /**
   * Padding that each further row of a small batch may bring, whatever the share: it is worth as much
   * as the run costs that the row would need else. 0 where enough rows of its own length come.
   */
  readonly rowPadding?: number
}

/** Largest difference in length of two rows that may share a batch. */
export const reachOf = ({ maxTokens, rowPadding = 0 }: BatchLimits) =>
  Math.floor(Math.max(SPARE_PADDING_TOKENS, MAX_PADDING_SHARE * maxTokens, rowPadding))

/** The padded shape of a batch: one row per text, as wide as the longest. */
export class BatchShape {
  readonly #maxTokens: number
  readonly #rowPadding: number
  #rows = 0
  #width = 0
  #tokens = 0

  constructor({ maxTokens, rowPadding = 0 }: BatchLimits) {
    this.#maxTokens = maxTokens
    this.#rowPadding = rowPadding
  }

  /** Whether a row of this many tokens fits within the limits of size and padding. */
  admits(length: number): boolean {
    if (this.#rows === 0) return true
    const area = (this.#rows + 1) * Math.max(this.#width, length)
    if (area > this.#maxTokens) return false
    const tokens = this.#tokens + length
    const allowed = Math.max(SPARE_PADDING_TOKENS, MAX_PADDING_SHARE * tokens)
    const brought = area - this.#rows * this.#width - length
    if (area - tokens <= allowed) return true
    return area <= SMALL_BATCH_TOKENS && brought <= this.#rowPadding
  }

  add(length: number): void {
    this.#rows++
    this.#width = Math.max(this.#width, length)
    this.#tokens += length
  }
}
