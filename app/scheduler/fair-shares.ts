/**
 * Who goes next: the one that has been given least so far. A newcomer starts level with whoever
 * goes next, so that it neither waits for the others nor makes up for its absence
 * (start-time fair queueing, Goyal et al. 1996).
 */
export class Shares<Key> {
  readonly #given = new Map<Key, number>()
  #level = 0

  get size(): number {
    return this.#given.size
  }

  join(key: Key): void {
    if (!this.#given.has(key)) this.#given.set(key, this.#level)
  }

  leave(key: Key): void {
    this.#given.delete(key)
  }

  charge(key: Key, tokens: number): void {
    const given = this.#given.get(key)
    if (given !== undefined) this.#given.set(key, given + tokens)
  }

  next(): Key | undefined {
    let next: Key | undefined
    let least = Number.POSITIVE_INFINITY
    for (const [key, given] of this.#given) {
      if (given >= least) continue
      next = key
      least = given
    }
    if (next !== undefined) this.#level = least
    return next
  }
}
