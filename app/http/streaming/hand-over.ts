/** A queue between one that puts in and one that takes out, who waits while it is empty. */
export class HandOver<Item> {
  readonly #items: Item[] = []
  #taker: ((item: Item | undefined) => void) | undefined
  #closed = false

  put(item: Item): void {
    const taker = this.#taker
    this.#taker = undefined
    if (taker) taker(item)
    else this.#items.push(item)
  }

  /** Nothing more comes. */
  close(): void {
    this.#closed = true
    this.#taker?.(undefined)
  }

  /** The next item; `undefined` once it is closed and empty. */
  take(): Promise<Item | undefined> {
    const item = this.#items.shift()
    if (item !== undefined || this.#closed) return Promise.resolve(item)
    const { promise, resolve } = Promise.withResolvers<Item | undefined>()
    this.#taker = resolve
    return promise
  }
}
