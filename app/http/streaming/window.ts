import type { AppError } from '../../errors.ts'
import type { Reservation } from '../body-budget.ts'
import type { Row } from './row.ts'

/** What some rows take for as long as they are in the window. */
export interface Load {
  readonly rows: number
  /** Estimated. */
  readonly tokens: number
  readonly bytes: number
}

/** Of each stream: enough to fill the batches of some workers, and no more. */
const MOST: Load = { rows: 512, tokens: 16_384, bytes: 1_048_576 }

/** English has about four bytes to a token, and each text two tokens of the model's own. */
const BYTES_PER_TOKEN = 4
const OWN_TOKENS = 2

/** What rows take whose texts are read to `maxTokens` at most. */
export function loadOf(rows: readonly Row[], maxTokens: number): Load {
  let [tokens, bytes] = [0, 0]
  for (const { frame } of rows) {
    const size = frame.end.byte - frame.start.byte
    tokens += Math.min(maxTokens, Math.ceil(size / BYTES_PER_TOKEN) + OWN_TOKENS)
    bytes += frame.bytes ? size : 0
  }
  return { rows: rows.length, tokens, bytes }
}

interface Entering {
  readonly load: Load
  enter(): void
  fail(error: unknown): void
}

/** What of a stream is in memory: the rows that were read and whose answers its client has not taken. */
export class Window {
  readonly #reservation: Reservation
  #load: Load = { rows: 0, tokens: 0, bytes: 0 }
  /** Bytes of a record that has begun. */
  #held = 0
  #entering: Entering | undefined

  constructor(reservation: Reservation) {
    this.#reservation = reservation
  }

  /**
   * Waits until there is room for some rows: for any number if there are no others. Throws
   * `overloaded` if the budget of bodies has none, though nothing is in the window, or the reason of
   * `stop`.
   */
  enter(load: Load): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#entering = { load, enter: resolve, fail: reject }
    this.#tryEnter()
    return promise
  }

  leave(load: Load): void {
    this.#add(load, -1)
    this.#reservation.shrink(this.#held + this.#load.bytes)
    this.#tryEnter()
  }

  /** A record that has begun takes so many bytes. Throws `overloaded`. */
  hold(bytes: number): void {
    this.#held = bytes
    this.#reserve(this.#load.bytes)
  }

  /** Has whoever waits for room get this error. */
  stop(reason: AppError): void {
    this.#entering?.fail(reason)
    this.#entering = undefined
  }

  close(): void {
    this.#reservation.release()
  }

  #tryEnter(): void {
    const entering = this.#entering
    if (!entering || !this.#hasRoomFor(entering.load)) return
    try {
      this.#reserve(this.#load.bytes + entering.load.bytes)
      this.#add(entering.load, 1)
      entering.enter()
    } catch (error) {
      if (this.#load.rows > 0) return
      entering.fail(error)
    }
    this.#entering = undefined
  }

  #hasRoomFor({ rows, tokens, bytes }: Load): boolean {
    const now = this.#load
    if (now.rows === 0) return true
    const isOver = now.tokens + tokens > MOST.tokens || now.bytes + bytes > MOST.bytes
    return !isOver && now.rows + rows <= MOST.rows
  }

  #reserve(bytes: number): void {
    this.#reservation.shrink(this.#held + bytes)
    this.#reservation.reach(this.#held + bytes)
  }

  #add({ rows, tokens, bytes }: Load, sign: 1 | -1): void {
    const { rows: r, tokens: t, bytes: b } = this.#load
    this.#load = { rows: r + sign * rows, tokens: t + sign * tokens, bytes: b + sign * bytes }
  }
}
