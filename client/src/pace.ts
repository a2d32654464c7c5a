/**
 * How many requests may be under way at once: halved by each refusal, and again one more for each round
 * of answers (additive increase, multiplicative decrease).
 */
export class Pace {
  readonly #most: number
  #limit: number

  constructor(most: number) {
    this.#most = most
    this.#limit = most
  }

  get limit(): number {
    return Math.floor(this.#limit)
  }

  refused(): void {
    this.#limit = Math.max(1, this.#limit / 2)
  }

  answered(): void {
    this.#limit = Math.min(this.#most, this.#limit + 1 / this.#limit)
  }
}
