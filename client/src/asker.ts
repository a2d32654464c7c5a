import { interestIn } from './call.ts'
import {
  blame,
  type Failure,
  failAll,
  failTheLate,
  isDivisible,
  isTooLarge,
  isTransient,
} from './failure.ts'
import type { Http } from './http.ts'
import type { KnownLimits } from './limits.ts'
import type { Pace } from './pace.ts'
import { type Batch, callsOf } from './part.ts'
import { PolarityError } from './polarity-error.ts'
import { predict } from './predict.ts'
import { pause } from './timer.ts'

interface AskerOptions {
  readonly http: Http
  readonly limits: KnownLimits
  readonly pace: Pace
  /** How often a batch is sent again that failed for a passing reason, beside when the service says when. */
  readonly retries: number
  /** Longest pause before the first of them, doubled for each further one. */
  readonly backoffMs: number
}

/** So often a batch and its parts are halved at most, or a service that always fails would get a flood. */
const MOST_SPLITS = 20
const LONGEST_BACKOFF_MS = 10_000

/** Asks for batches until each of their calls has its own answer or error. */
export class Asker {
  readonly #options: AskerOptions

  constructor(options: AskerOptions) {
    this.#options = options
  }

  /** Never rejects: it is the calls that are told. */
  async ask(batch: Batch, splits = { left: MOST_SPLITS }): Promise<void> {
    const interest = interestIn(callsOf(batch.parts))
    const failures: PolarityError[] = []
    for (;;) {
      const failure = await this.#askForTheGood(batch, interest)
      if (!failure) return
      if (splits.left > 0 && isDivisible(failure)) return this.#askForHalves(batch, failure, splits)
      failures.push(failure.error)
      if (!this.#mayPass(failures)) return failAll(failure)
      await this.#holdBack(failure, failures.length, interest)
    }
  }

  /** Asks again without those whom the service refuses by name, as long as it names any. */
  async #askForTheGood(batch: Batch, interest: AbortSignal): Promise<Failure | undefined> {
    for (;;) {
      const failure = await this.#attempt(batch, interest)
      if (!failure || !blame(failure)) return failure
    }
  }

  /** Sends what somebody still waits for, once. `undefined`: nobody waits any more. */
  async #attempt(batch: Batch, interest: AbortSignal): Promise<Failure | undefined> {
    const sent = batch.parts.filter(({ call }) => !call.ended)
    if (sent.length === 0) return undefined
    try {
      const predictions = await predict(this.#options.http, { ...batch, parts: sent }, interest)
      this.#options.pace.answered()
      for (const [i, { call, position }] of sent.entries()) call.answer(position, predictions[i])
      return undefined
    } catch (error) {
      if (interest.aborted) return undefined
      return { parts: sent, error: error instanceof PolarityError ? error : bug(error) }
    }
  }

  /** One after the other, so that what has failed takes no more than its place. */
  async #askForHalves(
    batch: Batch,
    { parts, error }: Failure,
    splits: { left: number },
  ): Promise<void> {
    splits.left--
    if (isTooLarge(error)) this.#options.limits.forget()
    const middle = Math.ceil(parts.length / 2)
    await this.ask({ ...batch, parts: parts.slice(0, middle) }, splits)
    await this.ask({ ...batch, parts: parts.slice(middle) }, splits)
  }

  /** If the service says when to come back, only the deadlines of the calls bound how often. */
  #mayPass(failures: readonly PolarityError[]): boolean {
    const { retries } = this.#options
    const untimed = failures.filter(({ retryAfter }) => retryAfter === undefined).length
    return retries > 0 && untimed <= retries && failures.every(isTransient)
  }

  /**
   * Pauses as long as the service asks for, and at random up to a bound that grows, so that clients do
   * not return all at once.
   */
  async #holdBack(failure: Failure, failures: number, interest: AbortSignal): Promise<void> {
    const { pace, backoffMs } = this.#options
    const { retryAfter = 0 } = failure.error
    const most = Math.min(backoffMs * 2 ** (failures - 1), LONGEST_BACKOFF_MS)
    const pauseMs = retryAfter * 1000 + Math.random() * most
    pace.refused()
    failTheLate(failure, performance.now() + pauseMs)
    await pause(pauseMs, interest)
  }
}

const bug = (cause: unknown) =>
  new PolarityError({ code: 'unexpected_answer', detail: `This is a bug: ${cause}.`, cause })
