import { AppError } from '../errors.ts'
import type { Call, Classify, Prediction, RefusalOfTexts } from './classify.ts'
import { type Flight, Sending, type Waiting } from './sending.ts'
import { Waiter } from './waiter.ts'

/**
 * Single flight: a text that is already in flight is not sent again. One request, the leader, sends
 * it; the others, its followers, have its prediction as soon as it is there. What happens to a leader
 * is its own affair: a request that is aborted cancels no text that others wait for, and after one
 * that is refused a follower leads, in its own name.
 *
 * `refusalOfTexts` says who would be refused anyway. That is thrown at once, before anything is done
 * for it: under a flood a refusal must cost next to nothing. Left out where a shared cache may know
 * what the queue refuses.
 */
export function coalesced(classify: Classify, refusalOfTexts?: RefusalOfTexts): Classify {
  const flights = new Flights(classify)
  return (texts, call) => {
    const refusal = flights.hasAny(texts) ? undefined : refusalOfTexts?.(texts, call.caller())
    if (refusal) throw refusal
    return flights.classify(texts, call)
  }
}

class Flights {
  readonly #classify: Classify
  readonly #flights = new Map<string, Flight>()

  constructor(classify: Classify) {
    this.#classify = classify
  }

  /** Whether one of the texts is in flight. */
  hasAny(texts: readonly string[]): boolean {
    return texts.some((text) => this.#flights.has(text))
  }

  async classify(texts: readonly string[], call: Call): Promise<readonly Prediction[]> {
    const signal = call.signal()
    signal.throwIfAborted()
    if (texts.length === 0) return []
    const request = new Waiter(texts, call)
    const leave = () => request.fail(signal.reason)
    signal.addEventListener('abort', leave, { once: true })
    this.#take(request, request.missing)
    try {
      const predictions = await request.done
      if (request.leads.size === 0) request.reportWait()
      return predictions
    } finally {
      signal.removeEventListener('abort', leave)
      request.leave()
    }
  }

  /** Has a request wait for texts: it follows those that are in flight, and leads the others. */
  #take(request: Waiting, texts: readonly string[]): void {
    const own: string[] = []
    for (const text of texts) {
      const flight = this.#flights.get(text)
      if (flight) flight.sending.join(flight, request)
      else own.push(text)
    }
    if (own.length > 0) void this.#send(request, own)
  }

  /** Settles the requests that wait, and never rejects. */
  async #send(leader: Waiting, texts: readonly string[]): Promise<void> {
    const sending = new Sending(leader, texts, () => this.#forget(sending))
    for (const [text, flight] of sending.flights) this.#flights.set(text, flight)
    leader.leads.add(sending)
    try {
      sending.finish(await this.#classify(texts, sending.call))
      this.#forget(sending)
    } catch (error) {
      this.#forget(sending)
      this.#fail(sending, error)
    }
  }

  #fail(sending: Sending, error: unknown): void {
    sending.leader.fail(error)
    for (const [follower, texts] of sending.dismiss()) {
      follower.reportWait()
      if (error instanceof AppError) this.#take(follower, texts)
      else if (sending.flights.size === 1) follower.fail(error)
      else this.#takeOneByOne(follower, texts)
    }
  }

  /**
   * After a failure that is not an `AppError`, which is about a request: it is about one of the texts,
   * or about the model. Sent alone, a text fails those only that have asked for it.
   */
  #takeOneByOne(request: Waiting, texts: readonly string[]): void {
    for (const text of texts) this.#take(request, [text])
  }

  #forget(sending: Sending): void {
    for (const [text, flight] of sending.flights) {
      if (this.#flights.get(text) === flight) this.#flights.delete(text)
    }
  }
}
