import { AppError } from '../errors.ts'
import type { Reservation } from './body-budget.ts'

const FIRST_BYTES = 1024

/**
 * Collects chunks in one growing buffer: a list of chunks of one byte each would take a hundred times
 * their bytes.
 */
export class ByteCollector {
  readonly #maxBytes: number
  readonly #reservation: Reservation
  #buffer = new Uint8Array(0)
  #size = 0

  constructor(maxBytes: number, reservation: Reservation) {
    this.#maxBytes = maxBytes
    this.#reservation = reservation
  }

  /** Throws `payload_too_large`, or `overloaded` if the budget has no room for more. */
  add(chunk: Uint8Array): void {
    const size = this.#size + chunk.byteLength
    if (size > this.#maxBytes) throw tooLarge(this.#maxBytes)
    if (size > this.#buffer.byteLength) this.#grow(size)
    this.#buffer.set(chunk, this.#size)
    this.#size = size
  }

  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#size)
  }

  #grow(size: number): void {
    const wanted = Math.max(size, FIRST_BYTES, this.#buffer.byteLength * 2)
    const grown = Math.max(size, Math.min(wanted, this.#maxBytes))
    this.#reservation.reach(grown)
    const buffer = new Uint8Array(grown)
    buffer.set(this.bytes)
    this.#buffer = buffer
  }
}

export const tooLarge = (maxBytes: number) =>
  new AppError('payload_too_large', `The body is larger than ${maxBytes} bytes.`)
