import { PolarityError } from './polarity-error.ts'
import { after } from './timer.ts'

interface OpenCall {
  /** What went wrong, and is tried again. */
  readonly lastError: PolarityError | undefined
  fail(reason: unknown): void
  whenEnded(run: () => void): void
}

/** Calls that are under way: if none of them ends for so long, all fail. */
export class OpenCalls {
  readonly #timeoutMs: number
  readonly #calls = new Set<OpenCall>()
  #deadlineAt = 0
  #stopTimer: (() => void) | undefined

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs
  }

  /** On the clock of `performance.now()`. */
  get deadlineAt(): number {
    return this.#deadlineAt
  }

  add(call: OpenCall): void {
    if (this.#calls.size === 0) this.#putOff()
    this.#calls.add(call)
    this.#watch()
    call.whenEnded(() => {
      this.#calls.delete(call)
      this.#putOff()
      if (this.#calls.size === 0) this.#rest()
    })
  }

  failAll(reason: unknown): void {
    for (const call of this.#calls) call.fail(reason)
  }

  #putOff(): void {
    this.#deadlineAt = performance.now() + this.#timeoutMs
  }

  #watch(): void {
    if (this.#stopTimer || this.#timeoutMs === Number.POSITIVE_INFINITY) return
    this.#stopTimer = after(this.#deadlineAt - performance.now(), () => {
      this.#stopTimer = undefined
      if (performance.now() < this.#deadlineAt) this.#watch()
      else this.#failLate()
    })
  }

  #rest(): void {
    this.#stopTimer?.()
    this.#stopTimer = undefined
  }

  #failLate(): void {
    const detail = `There was no answer within ${this.#timeoutMs} ms.`
    for (const call of this.#calls) {
      call.fail(new PolarityError({ code: 'timeout', detail, cause: call.lastError }))
    }
  }
}
