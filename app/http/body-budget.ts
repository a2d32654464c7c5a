import { AppError } from '../errors.ts'

/** A body takes at most this share of what is free, so that small ones find room when large ones do not. */
const SHARE_OF_FREE = 0.25

/** Bodies up to this many bytes do not count against their caller's share. */
const SMALL_BYTES = 16_384

/** The part of the budget that one body has. */
export interface Reservation {
  /** Grows to `bytes` if it is smaller. Throws `overloaded` if they are not to be had. */
  reach(bytes: number): void
  /** Shrinks to `bytes` if it is larger. */
  shrink(bytes: number): void
  /** Gives all bytes back; from here on there are no more. */
  release(): void
}

/**
 * Bounds the bytes of all bodies in memory, from before they are read until they are parsed. By
 * dynamic thresholds: no body takes more than a quarter of what is free, and no caller's large ones
 * more than they leave free: half of the budget if it is alone, a third if there are two.
 */
export class BodyBudget {
  readonly #callers = new Map<string, number>()
  #free: number

  constructor(totalBytes: number) {
    this.#free = totalBytes
  }

  /** Bytes that no body has. */
  get free(): number {
    return this.#free
  }

  /** Nothing yet, for one body of a caller, who is only asked for if the body is large. */
  open(caller: () => string): Reservation {
    let bytes = 0
    let large = 0
    let released = false
    return {
      reach: (wanted) => {
        if (wanted <= bytes) return
        if (released || wanted > (this.#free + bytes) * SHARE_OF_FREE) throw overloaded()
        const more = wanted - bytes
        if (wanted > SMALL_BYTES) {
          this.#takeShare(caller(), more)
          large += more
        }
        bytes = wanted
        this.#free -= more
      },
      shrink: (wanted) => {
        if (wanted >= bytes || released) return
        const kept = wanted > SMALL_BYTES ? Math.min(large, wanted) : 0
        if (kept < large) this.#count(caller(), kept - large)
        this.#free += bytes - wanted
        large = kept
        bytes = wanted
      },
      release: () => {
        this.#free += released ? 0 : bytes
        if (large > 0 && !released) this.#count(caller(), -large)
        released = true
      },
    }
  }

  #takeShare(id: string, more: number): void {
    if ((this.#callers.get(id) ?? 0) + more > this.#free - more) throw overloaded()
    this.#count(id, more)
  }

  #count(id: string, change: number): void {
    const bytes = (this.#callers.get(id) ?? 0) + change
    if (bytes === 0) this.#callers.delete(id)
    else this.#callers.set(id, bytes)
  }
}

const overloaded = () =>
  new AppError('overloaded', 'Too many request bodies are being read.', {
    headers: { 'Retry-After': '1' },
    shed: 'bodies',
  })
