import { setTimeout as sleep } from 'node:timers/promises'

interface Patience {
  /** Items of a chunk at most. */
  readonly size: number
  /** How long a chunk waits for more items, in milliseconds. */
  readonly patienceMs: number
}

/** Items in chunks: full ones while there are items, what is there when they pause. */
export async function* inChunks<T>(
  items: AsyncIterable<T>,
  patience: Patience,
): AsyncGenerator<T[]> {
  const chunker = new Chunker(items, patience)
  try {
    while (!chunker.done) {
      const chunk = await chunker.next()
      if (chunk.length > 0) yield chunk
    }
  } finally {
    await chunker.close()
  }
}

class Chunker<T> {
  readonly #iterator: AsyncIterator<T>
  readonly #patience: Patience
  /** The item that is awaited; it outlives the patience of a chunk. */
  #awaited: Promise<IteratorResult<T>>
  done = false

  constructor(items: AsyncIterable<T>, patience: Patience) {
    this.#iterator = items[Symbol.asyncIterator]()
    this.#patience = patience
    this.#awaited = this.#iterator.next()
  }

  /** The next chunk; empty at the end. */
  async next(): Promise<T[]> {
    const first = await this.#awaited
    const chunk: T[] = []
    this.#take(first, chunk)
    const patience = sleep(this.#patience.patienceMs, undefined)
    while (!this.done && chunk.length < this.#patience.size) {
      const result = await Promise.race([this.#awaited, patience])
      if (!result) break
      this.#take(result, chunk)
    }
    return chunk
  }

  async close(): Promise<void> {
    await this.#iterator.return?.()
  }

  #take(result: IteratorResult<T>, chunk: T[]): void {
    if (result.done) {
      this.done = true
      return
    }
    chunk.push(result.value)
    this.#awaited = this.#iterator.next()
  }
}
