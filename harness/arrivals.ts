import { setTimeout as sleep } from 'node:timers/promises'

/** Calls at a constant rate, whether those before have ended or not, until it is stopped. */
export class Arrivals {
  readonly #open = new Set<Promise<void>>()
  readonly #ended: Promise<void>
  #stopped = false

  /** `call` is given its number and when it was due, and must not reject. */
  constructor(perSecond: number, call: (number: number, dueAt: number) => Promise<void>) {
    this.#ended = this.#run(1000 / perSecond, call)
  }

  /** Calls that have not ended. */
  get open(): number {
    return this.#open.size
  }

  /** Resolves once every call up to now has ended. */
  async settled(): Promise<void> {
    await Promise.all(this.#open)
  }

  /** Begins no more, and resolves once every call has ended. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#ended
    await this.settled()
  }

  async #run(
    everyMs: number,
    call: (number: number, dueAt: number) => Promise<void>,
  ): Promise<void> {
    // Not before its maker has it: a call may ask how many are open.
    await sleep(0)
    const startedAt = performance.now()
    for (let number = 0; !this.#stopped; number++) {
      const dueAt = startedAt + number * everyMs
      const wait = dueAt - performance.now()
      if (wait > 0) await sleep(wait)
      const one = call(number, dueAt).finally(() => this.#open.delete(one))
      this.#open.add(one)
    }
  }
}
