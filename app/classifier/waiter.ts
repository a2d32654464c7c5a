import type { Call, Follower, Prediction } from './classify.ts'
import type { Flight, Sending, Waiting } from './sending.ts'

/** One request that waits for predictions of its texts, from whichever flight they come. */
export class Waiter implements Waiting {
  readonly call: Call
  readonly follower: Follower
  readonly following = new Set<Flight>()
  readonly leads = new Set<Sending>()
  readonly #texts: readonly string[]
  readonly #missing: Set<string>
  readonly #predictions = new Map<string, Prediction>()
  readonly #done = Promise.withResolvers<readonly Prediction[]>()
  #settled = false
  #waitedFrom = performance.now()

  constructor(texts: readonly string[], call: Call) {
    this.call = call
    // Asked at once: a request that has left no longer has an address.
    this.follower = { caller: call.caller(), texts, deadlineAt: call.deadlineAt }
    this.#texts = texts
    this.#missing = new Set(texts)
  }

  /** The distinct texts that have no prediction yet. */
  get missing(): readonly string[] {
    return [...this.#missing]
  }

  /** Whether it has its predictions or its error: what still comes is of no use. */
  get settled(): boolean {
    return this.#settled
  }

  /** One prediction per text, in order, once the last one is there. */
  get done(): Promise<readonly Prediction[]> {
    return this.#done.promise
  }

  /** Takes one text's prediction; a second one is ignored. */
  land(text: string, prediction: Prediction): void {
    if (!this.#missing.delete(text)) return
    this.#predictions.set(text, prediction)
    if (this.#missing.size > 0) return
    this.#settled = true
    this.#done.resolve(this.#inOrder())
  }

  fail(error: unknown): void {
    this.#settled = true
    this.#done.reject(error)
  }

  /** Waits for nothing any more. */
  leave(): void {
    for (const flight of this.following) flight.sending.leave(flight, this)
    this.following.clear()
    for (const sending of this.leads) sending.leaveAsLeader()
  }

  /** Reports the time that it has waited for others since it came, or since the last such report. */
  reportWait(): void {
    const startedAt = this.#waitedFrom
    const endedAt = performance.now()
    this.#waitedFrom = endedAt
    this.call.timing.add('queue', endedAt - startedAt)
    this.call.trace.add('coalesced', { startedAt, endedAt })
  }

  /** The second occurrence of a text within one request is coalesced too. */
  #inOrder(): Prediction[] {
    const seen = new Set<string>()
    return this.#texts.map((text) => {
      const prediction = this.#predictions.get(text)
      if (!prediction) throw new Error('A text was left without a prediction.')
      if (!seen.has(text)) {
        seen.add(text)
        return prediction
      }
      return { ...prediction, source: 'coalesced' }
    })
  }
}
