import type { Rows } from '../../model/inference.ts'
import type { Pace } from '../../model/pace.ts'
import type { Answer, Call, Classify } from '../classifier/classify.ts'
import { observeStage } from '../telemetry/stage.ts'
import type { Encoded, Inferred } from '../workers/messages.ts'
import type { Pool } from '../workers/pool.ts'
import { zip } from '../zip.ts'
import { estimateTokens } from './admission.ts'
import { Backlog } from './backlog.ts'
import { Queue } from './fair-queue.ts'
import { Job, type Row } from './job.ts'
import { type BatchObserver, observeBatch } from './observe-batch.ts'
import { PaceMeter } from './throughput.ts'
import { Encoding } from './tokenization.ts'

export interface Pools {
  readonly tokenizers: Pool<readonly string[], Encoded>
  readonly workers: Pool<Rows, Inferred>
}

interface ScheduledOptions extends BatchObserver {
  /** Tokens that the model reads of one text. */
  readonly maxTokens: number
  readonly maxQueueTokens: number
  /** Of one worker, as measured at its start. */
  readonly pace: Pace
}

/**
 * Turns requests into batches for the workers. An idle worker starts at once; what arrives while
 * all are busy becomes the next batches. A request is admitted with all its texts or refused, as
 * `admit` says. An aborted call leaves the queue.
 */
export function scheduled(pools: Pools, options: ScheduledOptions): Classify {
  const scheduler = new Scheduler(pools, options)
  return (texts, call) => scheduler.classify(texts, call)
}

/** Smaller batches are not worth a worker of their own, also where one is idle. */
const MIN_SHARED_TOKENS = 32
/**
 * Full batches that must wait for each worker before it is given them full, and one ahead: where
 * fewer wait, a small batch answers sooner, and would be better filled later.
 */
const MANY_BATCHES = 2

class Scheduler {
  readonly #workers: Pools['workers']
  readonly #options: ScheduledOptions
  readonly #backlog: Backlog
  readonly #encoding: Encoding
  readonly #queue = new Queue()
  #running = 0
  readonly #pace: PaceMeter

  constructor({ tokenizers, workers }: Pools, options: ScheduledOptions) {
    this.#workers = workers
    this.#options = options
    this.#pace = new PaceMeter(options.pace.tokensPerMs * workers.size)
    this.#backlog = new Backlog(options.maxQueueTokens, options.metrics)
    this.#encoding = new Encoding(tokenizers, {
      encoded: (job, from, encoded) => this.#enqueue(job, from, encoded),
      failed: (job, error) => this.#fail(job, error),
    })
  }

  async classify(texts: readonly string[], call: Call): Promise<readonly Answer[]> {
    call.signal.throwIfAborted()
    if (texts.length === 0) return []
    const estimates = texts.map((text) => estimateTokens(text, this.#options.maxTokens))
    const job = new Job(texts, call, estimates)
    this.#backlog.admit(job, this.#pace.tokensPerMs)

    const leave = () => this.#fail(job, call.signal.reason)
    call.signal.addEventListener('abort', leave, { once: true })
    this.#encoding.add(job)
    try {
      return await job.done
    } finally {
      call.signal.removeEventListener('abort', leave)
    }
  }

  #enqueue(job: Job, from: number, { ids, lengths, truncated, tokenizeMs }: Encoded): void {
    observeStage(this.#options.metrics, { stage: 'tokenize', ms: tokenizeMs })
    if (job.settled) return

    job.tokenizeMs += tokenizeMs
    const endedAt = performance.now()
    job.tokenizedAt = endedAt
    job.call.trace.add('tokenize', { startedAt: endedAt - tokenizeMs, endedAt })
    let start = 0
    for (const [i, [length, cut]] of zip(lengths, truncated).entries()) {
      const index = from + i
      this.#backlog.correct(job, length - (job.estimates[index] ?? 0))
      const row = { job, index, length, truncated: cut, again: false }
      this.#queue.add({ ...row, ids: ids.subarray(start, start + length) })
      start += length
    }
    this.#dispatch()
  }

  /** Where many wait, batches are full, and busy workers are given their next before they ask for it. */
  #dispatch(): void {
    const { maxBatchTokens, fullBatchTokens } = this.#options.pace
    const many = MANY_BATCHES * fullBatchTokens * this.#workers.size
    while (this.#running < this.#workers.capacity && this.#queue.tokens > many) {
      void this.#runBatch(this.#queue.take(fullBatchTokens))
    }
    while (this.#running < this.#workers.size && this.#queue.tokens > 0) {
      const idle = this.#workers.size - this.#running
      const share = Math.max(MIN_SHARED_TOKENS, Math.ceil(this.#queue.tokens / idle))
      void this.#runBatch(this.#queue.take(Math.min(maxBatchTokens, share)))
    }
  }

  async #runBatch(rows: readonly Row[]): Promise<void> {
    this.#running++
    for (const row of rows) this.#backlog.change(row.job, -1, -row.length)
    try {
      const inferred = await this.#workers.run(toBatch(rows))
      const tokens = observeBatch(this.#options, rows, inferred)
      this.#pace.count(tokens, this.#queue.tokens > 0)
      for (const [row, scores] of zip(rows, inferred.scores)) {
        this.#answer(row, scores, inferred.inferenceMs)
      }
    } catch (error) {
      for (const row of rows) this.#again(row, error)
    }
    this.#running--
    this.#dispatch()
  }

  #answer(row: Row, scores: readonly number[], inferenceMs: number): void {
    const { job, index, truncated } = row
    if (job.settled || !job.answer(index, { scores, truncated, source: 'model' })) return
    this.#time(job, inferenceMs)
    this.#backlog.remove(job)
    job.finish()
  }

  /** Of a request in many batches the last one's time is shown: with it they add up to the whole. */
  #time({ call, admittedAt, tokenizeMs, tokenizedAt }: Job, inferenceMs: number): void {
    const takenAt = performance.now() - inferenceMs
    const queuedMs = Math.max(0, takenAt - admittedAt - tokenizeMs)
    call.trace.add('queue', { startedAt: tokenizedAt, endedAt: Math.max(tokenizedAt, takenAt) })
    call.timing.add('queue', queuedMs)
    call.timing.add('tokenize', tokenizeMs)
    call.timing.add('inference', inferenceMs)
    const { trace } = call
    observeStage(this.#options.metrics, { stage: 'queue', ms: queuedMs, trace })
  }

  /** A row that a worker failed under is tried once more; then its request has failed. */
  #again(row: Row, error: unknown): void {
    const { job } = row
    if (row.again) this.#fail(job, error)
    if (job.settled) return
    this.#queue.add({ ...row, again: true })
    this.#backlog.change(job, 1, row.length)
  }

  #fail(job: Job, error: unknown): void {
    job.fail(error)
    this.#queue.remove(job)
    this.#backlog.remove(job)
  }
}

function toBatch(rows: readonly Row[]): Rows {
  const lengths = rows.map((row) => row.length)
  const ids = new Int32Array(lengths.reduce((sum, length) => sum + length, 0))
  let start = 0
  for (const row of rows) {
    ids.set(row.ids, start)
    start += row.length
  }
  return { ids, lengths }
}
