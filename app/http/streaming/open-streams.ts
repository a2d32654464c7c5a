import { AppError } from '../../errors.ts'
import type { Health } from '../../health.ts'
import type { Session } from './session.ts'

interface OpenStream {
  readonly session: Session
  /** Closes its connection. */
  cut(): void
}

/** How exactly timeouts are kept, and how soon a stream learns that the service is draining. */
const TICK_MS = 200

interface OpenStreamsOptions {
  readonly most: number
  readonly health: Health
  /** Told how many there are, whenever that changes. */
  readonly onChange: (open: number) => void
}

/** The streams that are open now. Each caller has at most as many as it leaves free to others. */
export class OpenStreams {
  readonly #options: OpenStreamsOptions
  readonly #callers = new Map<string, number>()
  readonly #streams = new Set<OpenStream>()
  #open = 0
  #timer: NodeJS.Timeout | undefined

  constructor(options: OpenStreamsOptions) {
    this.#options = options
  }

  /**
   * A place for one stream, to be given back. Throws `not_ready` if the service is draining,
   * `overloaded` if there are too many.
   */
  takePlace(caller: string): () => void {
    const { most, health } = this.#options
    if (health.draining) throw draining()
    const own = this.#callers.get(caller) ?? 0
    if (own >= most - this.#open) throw tooMany()
    this.#count(caller, 1)
    return () => this.#count(caller, -1)
  }

  /** Watches over a stream until it has ended. */
  watch(stream: OpenStream): void {
    this.#streams.add(stream)
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS)
    void stream.session.ended.then(() => {
      this.#streams.delete(stream)
      if (this.#streams.size > 0) return
      clearInterval(this.#timer)
      this.#timer = undefined
    })
  }

  #count(caller: string, change: 1 | -1): void {
    const own = (this.#callers.get(caller) ?? 0) + change
    if (own === 0) this.#callers.delete(caller)
    else this.#callers.set(caller, own)
    this.#open += change
    this.#options.onChange(this.#open)
  }

  #tick(): void {
    const now = performance.now()
    for (const { session, cut } of this.#streams) {
      if (this.#options.health.draining) session.stop(draining())
      if (session.checkTime(now)) cut()
    }
  }
}

const draining = () =>
  new AppError('not_ready', 'The service is draining.', { headers: { 'Retry-After': '1' } })

const tooMany = () =>
  new AppError('overloaded', 'Too many streams are open.', { headers: { 'Retry-After': '1' } })
