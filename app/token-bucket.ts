import { LRUCache } from 'lru-cache'
import { type Clock, monotonic } from './clock.ts'

/** What was taken from a bucket, and the texts that are left in it; below 0 it is in debt. */
export interface Taken {
  readonly granted: number
  readonly left: number
}

/** A token bucket per caller, each of which holds one minute's texts. */
export interface Buckets {
  /** Takes all of `texts`, or nothing if the bucket holds fewer. */
  take(caller: string, texts: number): Taken | Promise<Taken>
  /** Puts texts back, or if negative takes them even where that leaves a debt. */
  add(caller: string, texts: number): Taken | Promise<Taken>
}

/** Callers tracked at once. An evicted one starts with a full bucket again. */
const MAX_CALLERS = 100_000
const MINUTE_MS = 60_000

interface Bucket {
  texts: number
  filledAt: number
}

/** Token buckets in this process. */
export class LocalBuckets implements Buckets {
  readonly #perMinute: number
  readonly #now: Clock
  readonly #buckets = new LRUCache<string, Bucket>({ max: MAX_CALLERS, ttl: MINUTE_MS })

  constructor(textsPerMinute: number, now: Clock = monotonic) {
    this.#perMinute = textsPerMinute
    this.#now = now
  }

  take(caller: string, texts: number): Taken {
    const left = this.#left(caller)
    return left < texts ? { granted: 0, left } : { ...this.add(caller, -texts), granted: texts }
  }

  add(caller: string, texts: number): Taken {
    const left = Math.min(this.#perMinute, this.#left(caller) + texts)
    const bucket = { texts: left, filledAt: this.#now() }
    const msToFull = ((this.#perMinute - left) / this.#perMinute) * MINUTE_MS
    this.#buckets.set(caller, bucket, { ttl: Math.max(1, Math.ceil(msToFull)) })
    return { granted: 0, left }
  }

  #left(caller: string): number {
    const bucket = this.#buckets.get(caller)
    if (!bucket) return this.#perMinute
    const earned = ((this.#now() - bucket.filledAt) / MINUTE_MS) * this.#perMinute
    return Math.min(this.#perMinute, bucket.texts + earned)
  }
}
