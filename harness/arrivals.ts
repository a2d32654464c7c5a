import { setTimeout as sleep } from 'node:timers/promises'

/** Open-loop load: starts calls at a constant rate, whatever is still in flight, until stopped. */
export class Arrivals {
  readonly #open = new Set<Promise<void>>()
  readonly #ended: Promise<void>
  #stopped = false

  /**
   * `call` gets its number and its due time, and must not reject. Calls are started together every
   * `intervalMs`, up to so much late: at once by default.
   */
  constructor(
    perSecond: number,
    call: (number: number, dueAt: number) => Promise<void>,
    intervalMs = 0,
  ) {
    this.#ended = this.#run({ everyMs: 1000 / perSecond, intervalMs }, call)
  }

  /** Number of calls in flight. */
  get open(): number {
    return this.#open.size
  }

  /** Resolves once all calls that are in flight now have ended. */
  async settled(): Promise<void> {
    await Promise.all(this.#open)
  }

  /** Starts no further calls, and resolves once all have ended. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#ended
    await this.settled()
  }

  async #run(
    { everyMs, intervalMs }: { everyMs: number; intervalMs: number },
    call: (number: number, dueAt: number) => Promise<void>,
  ): Promise<void> {
    // Lets the constructor return first: a call may read `open`.
    await sleep(0)
    const startedAt = performance.now()
    for (let number = 0; !this.#stopped; number++) {
      const dueAt = startedAt + number * everyMs
      const wait = dueAt - performance.now()
      if (wait > 0) await sleep(Math.max(wait, intervalMs))
      const one = call(number, dueAt).finally(() => this.#open.delete(one))
      this.#open.add(one)
    }
  }
}
