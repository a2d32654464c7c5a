interface Measured {
  /** In tokens. */
  readonly length: number
}

/** Rows in buckets of equal length, each in order of arrival. */
export class LengthBuckets<Row extends Measured> {
  readonly #buckets = new Map<number, Set<Row>>()

  add(row: Row): void {
    const bucket = this.#buckets.get(row.length)
    if (bucket) bucket.add(row)
    else this.#buckets.set(row.length, new Set([row]))
  }

  /** Whether the row was there. */
  delete(row: Row): boolean {
    const bucket = this.#buckets.get(row.length)
    if (!bucket?.delete(row)) return false
    if (bucket.size === 0) this.#buckets.delete(row.length)
    return true
  }

  /** The first row of the oldest bucket. */
  first(): Row | undefined {
    for (const bucket of this.#buckets.values()) for (const row of bucket) return row
    return undefined
  }

  /** Buckets within `reach` tokens of `length`, nearest first. Rows may be deleted while they are read. */
  *near(length: number, reach: number): Generator<Iterable<Row>> {
    yield this.#bucketOf(length)
    for (let distance = 1; distance <= reach; distance++) {
      yield this.#bucketOf(length - distance)
      yield this.#bucketOf(length + distance)
    }
  }

  *[Symbol.iterator](): Generator<Row> {
    for (const bucket of this.#buckets.values()) yield* bucket
  }

  #bucketOf(length: number): Iterable<Row> {
    return this.#buckets.get(length) ?? []
  }
}
