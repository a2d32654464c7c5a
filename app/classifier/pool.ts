import { setTimeout as sleep } from 'node:timers/promises'
import type { Batch, SessionOptions } from '../../model/session.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { openWorkerThread, type WorkerThread } from './worker-thread.ts'

/** What runs batches: as many at once as it has workers. */
export interface Pool {
  readonly size: number
  /** Runs one batch on the next idle worker. Rejects if the batch throws or the worker ends under it. */
  run(texts: readonly string[]): Promise<Batch>
  close(): Promise<void>
}

interface PoolDeps {
  readonly size: number
  readonly metrics: Metrics
  readonly log: Logger
}

const FIRST_RETRY_MS = 100
const LAST_RETRY_MS = 30_000

/** Starts `size` worker threads and resolves when all are warm. One that ends unasked is replaced. */
export async function openPool(options: SessionOptions, deps: PoolDeps): Promise<Pool> {
  const pool = new ThreadPool(options, deps)
  await pool.start()
  return pool
}

class ThreadPool implements Pool {
  readonly size: number
  readonly #options: SessionOptions
  readonly #deps: PoolDeps
  readonly #idle: WorkerThread[] = []
  readonly #warm = new Set<WorkerThread>()
  readonly #waiting: ((thread: WorkerThread) => void)[] = []
  #closing = false

  constructor(options: SessionOptions, deps: PoolDeps) {
    this.size = deps.size
    this.#options = options
    this.#deps = deps
  }

  async start(): Promise<void> {
    const threads = Array.from({ length: this.size }, () => openWorkerThread(this.#options))
    for (const thread of await Promise.all(threads)) this.#seat(thread)
  }

  async run(texts: readonly string[]): Promise<Batch> {
    const thread = await this.#acquire()
    try {
      return await thread.run(texts)
    } finally {
      this.#release(thread)
    }
  }

  async close(): Promise<void> {
    this.#closing = true
    // Each is taken once it is idle, so what was given to it before is answered.
    await Promise.all([...this.#warm].map(async () => (await this.#acquire()).close()))
  }

  #seat(thread: WorkerThread): void {
    this.#warm.add(thread)
    this.#release(thread)
    void thread.ended.then((error) => this.#replace(thread, error))
  }

  async #acquire(): Promise<WorkerThread> {
    const thread =
      this.#idle.pop() ??
      (await new Promise<WorkerThread>((resolve) => this.#waiting.push(resolve)))
    this.#countStates()
    return thread
  }

  #release(thread: WorkerThread): void {
    if (!this.#warm.has(thread)) return
    const next = this.#waiting.shift()
    if (next) next(thread)
    else this.#idle.push(thread)
    this.#countStates()
  }

  async #replace(ended: WorkerThread, error: Error): Promise<void> {
    this.#warm.delete(ended)
    const place = this.#idle.indexOf(ended)
    if (place >= 0) this.#idle.splice(place, 1)
    this.#countStates()
    if (this.#closing) return this.#waiting.shift()?.(ended)

    this.#deps.log.error({ err: error }, 'a worker ended and is replaced')
    this.#deps.metrics.workerRestarts.inc()
    await this.#reopen()
  }

  /** Tries until it works, ever more slowly: the other workers go on meanwhile. */
  async #reopen(): Promise<void> {
    for (let wait = FIRST_RETRY_MS; !this.#closing; wait = Math.min(wait * 2, LAST_RETRY_MS)) {
      try {
        const thread = await openWorkerThread(this.#options)
        return this.#closing ? await thread.close() : this.#seat(thread)
      } catch (error) {
        this.#deps.log.error({ err: error, retry_ms: wait }, 'a worker could not be started')
        await sleep(wait)
      }
    }
  }

  #countStates(): void {
    const { workers } = this.#deps.metrics
    workers.set({ state: 'idle' }, this.#idle.length)
    workers.set({ state: 'busy' }, this.#warm.size - this.#idle.length)
    workers.set({ state: 'starting' }, this.size - this.#warm.size)
  }
}
