/** Turns a stream, of which each text gets one row in order, into a function that is asked text by text. */
export class AskStream<Row> {
  readonly #texts: string[] = []
  readonly #waiting: PromiseWithResolvers<Row>[] = []
  #wake: () => void = () => undefined
  /** Why the stream has ended. */
  #failure: { readonly reason: unknown } | undefined

  /** `open`: begins the stream. */
  constructor(open: (texts: AsyncIterable<string>) => AsyncIterable<Row>) {
    void this.#answer(open(this.#read()))
  }

  /** The row of this text. Rejects with what the stream throws. */
  ask(text: string): Promise<Row> {
    if (this.#failure) return Promise.reject(this.#failure.reason)
    const row = Promise.withResolvers<Row>()
    this.#waiting.push(row)
    this.#texts.push(text)
    this.#wake()
    return row.promise
  }

  async *#read(): AsyncGenerator<string> {
    for (;;) {
      const text = this.#texts.shift()
      if (text === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      } else yield text
    }
  }

  async #answer(rows: AsyncIterable<Row>): Promise<void> {
    try {
      for await (const row of rows) this.#waiting.shift()?.resolve(row)
    } catch (reason) {
      this.#failure = { reason }
      for (const { reject } of this.#waiting.splice(0)) reject(reason)
    }
  }
}
