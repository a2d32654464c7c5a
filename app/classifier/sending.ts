import { AppError } from '../errors.ts'
import { zip } from '../zip.ts'
import type { Call, Follower, Prediction } from './classify.ts'

/** One request that waits for predictions, as the flights see it. */
export interface Waiting {
  readonly call: Call
  /** What it is to the one who has sent a text before. */
  readonly follower: Follower
  /** What it waits for of what others have sent. */
  readonly following: Set<Flight>
  /** What it has sent itself. */
  readonly leads: Set<Sending>
  /** Whether it has its predictions or its error. */
  readonly settled: boolean
  land(text: string, prediction: Prediction): void
  fail(error: unknown): void
  reportWait(): void
}

/** One text in flight. It is known here as long as the texts that it was sent with. */
export interface Flight {
  readonly text: string
  readonly sending: Sending
  /** Requests that wait for this text, but did not send it. */
  readonly followers: Set<Waiting>
  prediction: Prediction | undefined
}

/** The texts that one request, the leader, has sent on together. */
export class Sending {
  readonly leader: Waiting
  readonly flights: ReadonlyMap<string, Flight>
  /** The leader's call, but for its signal: the texts outlive a leader that others follow. */
  readonly call: Call
  readonly #onDeserted: () => void
  readonly #abort = new AbortController()
  #leaderWaits = true
  /** Followers of all flights together. */
  #followers = 0
  #ended = false
  #listener: ((text: string, follower: Follower) => void) | undefined

  /** `onDeserted` is called when nobody waits for it any more. */
  constructor(leader: Waiting, texts: readonly string[], onDeserted: () => void) {
    this.leader = leader
    this.#onDeserted = onDeserted
    this.flights = new Map(texts.map((text) => [text, this.#toFlight(text)]))
    const { timing, trace, deadlineAt, behindOthers = false } = leader.call
    const { caller } = leader.follower
    this.call = {
      timing,
      trace,
      deadlineAt,
      behindOthers,
      caller: () => caller,
      signal: () => this.#abort.signal,
      onPrediction: (text, prediction) => this.#land(text, prediction),
      onFollower: (listener) => this.#tellFollowers(listener),
    }
  }

  /** Has a request wait for one of the texts; one that has landed is its at once. */
  join(flight: Flight, follower: Waiting): void {
    if (flight.prediction) {
      follower.land(flight.text, shared(flight.prediction))
      return
    }
    flight.followers.add(follower)
    follower.following.add(flight)
    this.#followers++
    this.#listener?.(flight.text, follower.follower)
  }

  /** A follower waits for this text no more. */
  leave(flight: Flight, follower: Waiting): void {
    if (flight.followers.delete(follower)) this.#followers--
    this.#abortIfDeserted()
  }

  /** The leader waits no more. */
  leaveAsLeader(): void {
    this.#leaderWaits = false
    this.#abortIfDeserted()
  }

  /** All predictions are there, in the order of the flights. */
  finish(predictions: readonly Prediction[]): void {
    this.#ended = true
    for (const [text, prediction] of zip([...this.flights.keys()], predictions)) {
      this.#land(text, prediction)
      this.leader.land(text, prediction)
    }
  }

  /** It has failed: returns the followers that still wait, each with its texts. */
  dismiss(): ReadonlyMap<Waiting, readonly string[]> {
    this.#ended = true
    const dismissed = new Map<Waiting, string[]>()
    for (const flight of this.flights.values()) {
      for (const follower of flight.followers) {
        follower.following.delete(flight)
        if (follower.settled) continue
        const texts = dismissed.get(follower) ?? []
        dismissed.set(follower, texts)
        texts.push(flight.text)
      }
      flight.followers.clear()
    }
    return dismissed
  }

  #tellFollowers(listener: (text: string, follower: Follower) => void): void {
    this.#listener = listener
    for (const { text, followers } of this.flights.values()) {
      for (const { follower } of followers) listener(text, follower)
    }
  }

  /** Followers have a text as soon as it is there; the leader waits for all of its own. */
  #land(text: string, prediction: Prediction): void {
    const flight = this.flights.get(text)
    if (!flight || flight.prediction) return
    flight.prediction = prediction
    this.#followers -= flight.followers.size
    for (const follower of flight.followers) {
      follower.following.delete(flight)
      follower.land(text, shared(prediction))
    }
    flight.followers.clear()
    this.#abortIfDeserted()
  }

  #abortIfDeserted(): void {
    if (this.#ended || this.#leaderWaits || this.#followers > 0) return
    this.#ended = true
    this.#onDeserted()
    this.#abort.abort(new AppError('client_closed', 'No request waits for these texts any more.'))
  }

  #toFlight(text: string): Flight {
    return { text, sending: this, followers: new Set(), prediction: undefined }
  }
}

const shared = (prediction: Prediction): Prediction => ({ ...prediction, source: 'coalesced' })
