import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '../telemetry/logger.ts'
import { openAll } from './open-all.ts'
import type { Thread } from './thread.ts'

/** Workers for one kind of task. */
export interface Pool<Input, Output> {
  readonly size: number
  /**
   * In-flight limit: threads times prefetch depth. A prefetched input saves idle time between two
   * tasks.
   */
  readonly capacity: number
  /** How long outputs wait until this thread's event loop reads them; the most of all threads. */
  readonly replyDelayMs: number
  /**
   * Runs one input on the next free thread. Rejects if it throws, times out, or the thread exits.
   */
  run(input: Input): Promise<Output>
}

/** Threads by state. A `leaving` one hung or failed, and has not exited yet. */
export interface PoolStates {
  readonly starting: number
  readonly idle: number
  readonly busy: number
  readonly leaving: number
}

export interface PoolOptions<Input, Output, Ready> {
  readonly size: number
  /** Prefetch depth: inputs in flight per thread, which runs them one after the other. */
  readonly depth: number
  /** Timeout of one input: a thread that takes longer is hung, and is replaced. */
  readonly timeoutSeconds: number
  readonly open: () => Promise<Thread<Input, Output, Ready>>
  readonly onStates: (states: PoolStates) => void
  readonly onRestart: () => void
  readonly log: Logger
}

const FIRST_RETRY_MS = 100
const LAST_RETRY_MS = 30_000

/** Worker threads; one that exits, throws or hangs is replaced, with back-off. */
export class ThreadPool<Input, Output, Ready> implements Pool<Input, Output> {
  readonly #options: PoolOptions<Input, Output, Ready>
  /** The warm threads, with the inputs in flight on each. */
  readonly #load = new Map<Thread<Input, Output, Ready>, number>()
  readonly #leaving = new Set<Thread<Input, Output, Ready>>()
  readonly #waiting: PromiseWithResolvers<Thread<Input, Output, Ready>>[] = []
  readonly #opening = new Set<Promise<void>>()
  readonly #closing = new AbortController()

  private constructor(options: PoolOptions<Input, Output, Ready>) {
    this.#options = options
  }

  /** Resolves when all threads are warm. */
  static async open<Input, Output, Ready>(
    options: PoolOptions<Input, Output, Ready>,
  ): Promise<ThreadPool<Input, Output, Ready>> {
    const pool = new ThreadPool(options)
    const threads = await openAll(Array.from({ length: options.size }, options.open))
    for (const thread of threads) pool.#seat(thread)
    return pool
  }

  get size(): number {
    return this.#options.size
  }

  get capacity(): number {
    return this.size * this.#options.depth
  }

  get replyDelayMs(): number {
    return Math.max(0, ...[...this.#load.keys()].map((thread) => thread.replyDelayMs))
  }

  get states(): PoolStates {
    const warm = this.#load.size
    const idle = [...this.#load.values()].filter((load) => load === 0).length
    return { starting: this.size - warm, idle, busy: warm - idle, leaving: this.#leaving.size }
  }

  /** The ready messages of the warm threads. */
  get ready(): readonly Ready[] {
    return [...this.#load.keys()].map((thread) => thread.ready)
  }

  async run(input: Input): Promise<Output> {
    // Dispatch synchronously if a thread is free; else close() could overtake the input.
    const thread = this.#take() ?? (await this.#nextFree())
    const inputs = this.#load.get(thread) ?? 1
    try {
      const output = await thread.run(input, inputs * this.#options.timeoutSeconds)
      this.#release(thread)
      return output
    } catch (error) {
      this.#retire(thread, error)
      throw error
    }
  }

  /** Waits for inputs in flight. Inputs that still wait for a thread are rejected. */
  async close(): Promise<void> {
    this.#closing.abort()
    for (const task of this.#waiting.splice(0)) task.reject(new Error('The pool is closed.'))
    await Promise.all([...this.#load.keys()].map((thread) => thread.close()))
    await Promise.all([...this.#leaving].map((thread) => thread.ended))
    await Promise.all(this.#opening)
  }

  #seat(thread: Thread<Input, Output, Ready>): void {
    this.#load.set(thread, 0)
    this.#serveWaiting()
    void thread.ended.then((error) => this.#retire(thread, error))
  }

  /** Reserves a slot on the least-loaded thread; `undefined` if all are full. */
  #take(): Thread<Input, Output, Ready> | undefined {
    let least: number = this.#options.depth
    let freest: Thread<Input, Output, Ready> | undefined
    for (const [thread, load] of this.#load) {
      if (load >= least) continue
      least = load
      freest = thread
    }
    if (freest) this.#load.set(freest, least + 1)
    this.#tellStates()
    return freest
  }

  #nextFree(): Promise<Thread<Input, Output, Ready>> {
    const task = Promise.withResolvers<Thread<Input, Output, Ready>>()
    this.#waiting.push(task)
    return task.promise
  }

  #release(thread: Thread<Input, Output, Ready>): void {
    const load = this.#load.get(thread)
    if (load === undefined) return // It was retired meanwhile.
    this.#load.set(thread, load - 1)
    this.#serveWaiting()
  }

  #serveWaiting(): void {
    while (this.#waiting.length > 0) {
      const thread = this.#take()
      if (!thread) return
      this.#waiting.shift()?.resolve(thread)
    }
    this.#tellStates()
  }

  #retire(thread: Thread<Input, Output, Ready>, error: unknown): void {
    if (!this.#load.delete(thread)) return
    if (this.#closing.signal.aborted) return

    this.#options.log.error({ event: 'worker_failed', err: error }, 'worker failed, replacing it')
    this.#options.onRestart()
    this.#leaving.add(thread)
    void thread.close().then(() => {
      this.#leaving.delete(thread)
      this.#tellStates()
    })
    this.#tellStates()
    const opening = this.#reopen().finally(() => this.#opening.delete(opening))
    this.#opening.add(opening)
  }

  /** Retries with exponential back-off until a new thread is warm. */
  async #reopen(): Promise<void> {
    const { signal } = this.#closing
    for (let wait = FIRST_RETRY_MS; !signal.aborted; wait = Math.min(wait * 2, LAST_RETRY_MS)) {
      try {
        const thread = await this.#options.open()
        return signal.aborted ? await thread.close() : this.#seat(thread)
      } catch (error) {
        const fields = { event: 'worker_start_failed', err: error, retry_ms: wait } as const
        this.#options.log.error(fields, 'worker start failed, retrying')
        await sleep(wait, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  #tellStates(): void {
    this.#options.onStates(this.states)
  }
}
