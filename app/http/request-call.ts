import type { Context } from 'hono'
import type { Call, Quota } from '../classifier/classify.ts'
import { type Clock, monotonic } from '../clock.ts'
import { createTiming } from '../telemetry/timing.ts'
import { NO_TRACE, type Trace } from '../telemetry/trace.ts'
import { type Deadline, deadlineOf, startDeadline } from './deadline.ts'
import type { RequestEnv } from './request-env.ts'

interface CallOptions {
  readonly timeoutSeconds: number
  readonly caller: () => string
  readonly now?: Clock
}

/** The `Call` of an HTTP request. `close` must be called when the request is done. */
export class RequestCall implements Call {
  readonly timing = createTiming()
  readonly trace: Trace
  readonly deadlineAt: number
  readonly #context: Context<RequestEnv>
  readonly #findCaller: () => string
  readonly #now: Clock
  #caller: string | undefined
  #deadline: Deadline | undefined

  constructor(c: Context<RequestEnv>, { timeoutSeconds, caller, now = monotonic }: CallOptions) {
    this.trace = c.get('trace') ?? NO_TRACE
    this.deadlineAt = deadlineOf(c, timeoutSeconds, now)
    this.#context = c
    this.#findCaller = caller
    this.#now = now
  }

  /** Looked up once: a closed connection no longer has an address. */
  caller(): string {
    this.#caller ??= this.#findCaller()
    return this.#caller
  }

  /**
   * Created at the first call: on Node a request's signal is expensive, and a cache hit needs none.
   */
  signal(): AbortSignal {
    const remainingMs = this.deadlineAt - this.#now()
    this.#deadline ??= startDeadline(this.#context.req.raw.signal, remainingMs)
    return this.#deadline.signal
  }

  onQuota(quota: Quota): void {
    this.#context.set('quota', quota)
  }

  close(): void {
    this.#deadline?.clear()
  }
}
