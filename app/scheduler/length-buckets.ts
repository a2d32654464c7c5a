/** What waits in a lane. */
interface Measured {
  /** In tokens. */
  readonly length: number
}

/** Rows that wait, by their length: a lane for each, in the order in which they came. */
export class Lanes<Row extends Measured> {
  readonly #lanes = new Map<number, Set<Row>>()

  add(row: Row): void {
    const lane = this.#lanes.get(row.length)
    if (lane) lane.add(row)
    else this.#lanes.set(row.length, new Set([row]))
  }

  /** Whether the row was there. */
  delete(row: Row): boolean {
    const lane = this.#lanes.get(row.length)
    if (!lane?.delete(row)) return false
    if (lane.size === 0) this.#lanes.delete(row.length)
    return true
  }

  /** The first row of the lane that has been there longest. */
  first(): Row | undefined {
    for (const lane of this.#lanes.values()) for (const row of lane) return row
    return undefined
  }

  /** Lanes at most `reach` tokens from `length`, nearest first. Rows may be deleted meanwhile. */
  *near(length: number, reach: number): Generator<Iterable<Row>> {
    yield this.#lane(length)
    for (let distance = 1; distance <= reach; distance++) {
      yield this.#lane(length - distance)
      yield this.#lane(length + distance)
    }
  }

  *[Symbol.iterator](): Generator<Row> {
    for (const lane of this.#lanes.values()) yield* lane
  }

  #lane(length: number): Iterable<Row> {
    return this.#lanes.get(length) ?? []
  }
}
