export interface ReadAheadOptions<Result> {
  /** Must not reject. */
  submit(text: string): Promise<Result>
  /** How many results may be under way, or wait to be taken. */
  readonly window: number
  /** So much room there must be before more texts are read, so that they share a request; at most the window. */
  readonly batch: number
  /** Ends the reading and the waiting. */
  readonly signal: AbortSignal
}

export type Texts = Iterable<string> | AsyncIterable<string>

/**
 * The result for each text, in order. Texts are read and submitted ahead of what is taken, but no
 * further than the window (backpressure); a source that pauses does not hold back what is done.
 */
export async function* readAhead<Result>(
  texts: Texts,
  options: ReadAheadOptions<Result>,
): AsyncGenerator<Result, void, undefined> {
  const reader = new Reader(texts, options)
  try {
    for (;;) {
      await reader.waitForNext()
      const next = reader.take()
      if (!next) return
      yield await next
    }
  } finally {
    reader.close()
  }
}

class Reader<Result> {
  readonly #source: Iterator<string> | AsyncIterator<string>
  readonly #options: ReadAheadOptions<Result>
  readonly #results: Promise<Result>[] = []
  /** How many more texts may be read before some are taken. */
  #room: number
  /** Results taken since there was room again. */
  #taken = 0
  #closed = false
  /** Set once the source has no more texts. */
  #end: { readonly error?: unknown } | undefined
  #wakeReading: () => void = () => undefined
  #wakeTaking: () => void = () => undefined

  constructor(texts: Texts, options: ReadAheadOptions<Result>) {
    this.#source =
      Symbol.asyncIterator in texts ? texts[Symbol.asyncIterator]() : texts[Symbol.iterator]()
    this.#options = options
    this.#room = options.window
    options.signal.addEventListener('abort', this.#stop, { once: true })
    void this.#read()
  }

  /** Resolves once there is a result to take, or there will be none. Throws what the source threw. */
  async waitForNext(): Promise<void> {
    const { signal } = this.#options
    while (this.#results.length === 0 && !this.#end && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wakeTaking = resolve
      })
    }
    signal.throwIfAborted()
    if (this.#results.length === 0 && this.#end && 'error' in this.#end) throw this.#end.error
  }

  take(): Promise<Result> | undefined {
    this.#taken++
    if (this.#taken >= this.#options.batch) {
      this.#room += this.#taken
      this.#taken = 0
      this.#wakeReading()
    }
    return this.#results.shift()
  }

  /** Also where the source still has texts, which it need not keep. */
  close(): void {
    this.#options.signal.removeEventListener('abort', this.#stop)
    this.#closed = true
    this.#wakeReading()
    if (!this.#end) void this.#leaveSource()
  }

  readonly #stop = () => this.#wakeTaking()

  async #read(): Promise<void> {
    try {
      while (!this.#closed) {
        const { done, value } = await this.#source.next()
        if (done || this.#closed) break
        this.#results.push(this.#options.submit(value))
        this.#room--
        this.#wakeTaking()
        await this.#waitForRoom()
      }
      this.#end = {}
    } catch (error) {
      this.#end = { error }
    }
    this.#wakeTaking()
  }

  async #waitForRoom(): Promise<void> {
    if (this.#room > 0 || this.#closed) return
    await new Promise<void>((resolve) => {
      this.#wakeReading = resolve
    })
  }

  /** Not waited for: a source that is in the middle of something may take for ever. */
  async #leaveSource(): Promise<void> {
    try {
      await this.#source.return?.()
    } catch {
      // Nobody is there to be told.
    }
  }
}
