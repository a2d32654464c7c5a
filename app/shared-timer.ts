/** How exactly it keeps time. */
const TICK_MS = 20

interface Waiting {
  readonly dueAt: number
  readonly beLate: () => void
}

/**
 * Timeouts of many short pieces of work by one timer: almost all end long before they are late, and a
 * timer of its own would cost each of them more than the rest of its bookkeeping.
 */
export class SharedTimer {
  readonly #waiting = new Set<Waiting>()
  #ticks = false

  /**
   * Settles as `work` does, or rejects with `toError()` once `performance.now()` is past `dueAt`. Does
   * not cancel the work.
   */
  race<T>(work: Promise<T>, dueAt: number, toError: () => Error): Promise<T> {
    return new Promise((resolve, reject) => {
      const waiting = { dueAt, beLate: () => reject(toError()) }
      this.#waiting.add(waiting)
      this.#tickLater()
      const settle = <Result>(how: (result: Result) => void) => {
        return (result: Result) => {
          this.#waiting.delete(waiting)
          how(result)
        }
      }
      work.then(settle(resolve), settle(reject))
    })
  }

  #tickLater(): void {
    if (this.#ticks) return
    this.#ticks = true
    setTimeout(() => this.#tick(), TICK_MS)
  }

  #tick(): void {
    const now = performance.now()
    for (const waiting of this.#waiting) {
      if (waiting.dueAt > now) continue
      this.#waiting.delete(waiting)
      waiting.beLate()
    }
    this.#ticks = false
    if (this.#waiting.size > 0) this.#tickLater()
  }
}
