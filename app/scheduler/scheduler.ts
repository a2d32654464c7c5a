import type { Rows } from '../../model/inference.ts'
import type { Pace } from '../../model/pace.ts'
import type { Call, Classify, Prediction } from '../classifier/classify.ts'
import type { Clock } from '../clock.ts'
import { observeStage } from '../telemetry/stage.ts'
import type { InferredBatch, TokenizedTexts } from '../workers/messages.ts'
import type { Pool } from '../workers/pool.ts'
import { zip } from '../zip.ts'
import { estimateTokens } from './admission.ts'
import { Backlog } from './backlog.ts'
import { FairQueue } from './fair-queue.ts'
import { FairShares } from './fair-shares.ts'
import { Job, type Row } from './job.ts'
import { type BatchObserver, observeBatch } from './observe-batch.ts'
import { Throughput } from './throughput.ts'
import { Tokenization } from './tokenization.ts'

export interface Pools {
  readonly tokenizers: Pool<readonly string[], TokenizedTexts>
  readonly workers: Pool<Rows, InferredBatch>
}

interface SchedulerOptions extends BatchObserver {
  /** Tokens that the model reads of one text. */
  readonly maxTokens: number
  readonly maxQueueTokens: number
  /** Calibration of one worker, measured at its start. */
  readonly pace: Pace
  readonly now: Clock
}

/**
 * Turns requests into batches for the workers (continuous batching): an idle worker starts at
 * once, and what arrives while all are busy becomes the next batches. A request is admitted with
 * all its texts or refused, as `admit` says. An aborted call leaves the queue.
 */
export function scheduled(pools: Pools, options: SchedulerOptions): Classify {
  const scheduler = new Scheduler(pools, options)
  return (texts, call) => scheduler.classify(texts, call)
}

/** Smaller batches are not worth a worker of their own, even an idle one. */
const MIN_SHARED_TOKENS = 32
/**
 * Backlog, in full batches per worker, above which batches are full-size and one is prefetched.
 * Below it a small batch answers sooner, and a prefetched one would be better filled later.
 */
const MANY_BATCHES = 2

class Scheduler {
  readonly #workers: Pools['workers']
  readonly #options: SchedulerOptions
  readonly #backlog: Backlog
  readonly #queue: FairQueue
  readonly #tokenization: Tokenization
  readonly #throughput: Throughput
  #running = 0

  constructor({ tokenizers, workers }: Pools, options: SchedulerOptions) {
    const { maxQueueTokens: maxTokens, metrics, now, pace } = options
    const shares = new FairShares()
    this.#workers = workers
    this.#options = options
    this.#throughput = new Throughput(pace.tokensPerMs * workers.size, now)
    this.#backlog = new Backlog({ maxTokens, shares, metrics, now })
    this.#queue = new FairQueue(shares)
    this.#tokenization = new Tokenization(tokenizers, {
      tokenized: (job, from, texts) => this.#enqueue(job, from, texts),
      failed: (job, error) => this.#fail(job, error),
    })
  }

  async classify(texts: readonly string[], call: Call): Promise<readonly Prediction[]> {
    const signal = call.signal()
    signal.throwIfAborted()
    if (texts.length === 0) return []
    const job = this.#admit(texts, call)
    const leave = () => this.#fail(job, signal.reason)
    signal.addEventListener('abort', leave, { once: true })
    this.#tokenization.add(job)
    try {
      return await job.done
    } finally {
      signal.removeEventListener('abort', leave)
    }
  }

  #admit(texts: readonly string[], call: Call): Job {
    const { maxTokens, now } = this.#options
    const estimates = texts.map((text) => estimateTokens(text, maxTokens))
    const { tokensPerMs } = this.#throughput
    const job = new Job(texts, call, { estimates, admittedAt: now(), tokensPerMs })
    this.#backlog.admit(job, tokensPerMs)
    return job
  }

  #enqueue(job: Job, from: number, { ids, lengths, truncated, tokenizeMs }: TokenizedTexts): void {
    observeStage(this.#options.metrics, { stage: 'tokenize', ms: tokenizeMs })
    if (job.settled) return

    const endedAt = this.#options.now()
    job.addTokenizeTime(tokenizeMs, endedAt)
    job.call.trace.add('tokenize', { startedAt: endedAt - tokenizeMs, endedAt })
    let start = 0
    for (const [i, [length, cut]] of zip(lengths, truncated).entries()) {
      const index = from + i
      this.#backlog.countTokens(job, index, length)
      const row = { job, index, length, truncated: cut, retry: false }
      this.#queue.add({ ...row, ids: ids.subarray(start, start + length) })
      start += length
    }
    this.#dispatch()
  }

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
    this.#backlog.handOut(rows)
    try {
      const inferred = await this.#workers.run(toBatch(rows))
      const tokens = observeBatch(this.#options, rows, inferred)
      this.#throughput.count(tokens, this.#queue.tokens > 0)
      for (const [row, scores] of zip(rows, inferred.scores)) {
        this.#answer(row, scores, inferred.inferenceMs)
      }
    } catch (error) {
      for (const row of rows) this.#retry(row, error)
    }
    this.#running--
    this.#dispatch()
  }

  #answer(row: Row, scores: readonly number[], inferenceMs: number): void {
    const { job, index, truncated } = row
    if (job.settled) return
    if (job.answer(index, { scores, truncated, source: 'model' })) {
      this.#reportTimes(job, inferenceMs)
      this.#backlog.remove(job)
      job.finish()
    }
    job.announce(index)
  }

  /** For a request split over batches only the last batch's times are reported, so that stages sum to the total. */
  #reportTimes({ call, admittedAt, tokenizeMs, tokenizedAt }: Job, inferenceMs: number): void {
    const startedAt = this.#options.now() - inferenceMs
    const queuedMs = Math.max(0, startedAt - admittedAt - tokenizeMs)
    const { timing, trace } = call
    trace.add('queue', { startedAt: tokenizedAt, endedAt: Math.max(tokenizedAt, startedAt) })
    timing.add('queue', queuedMs)
    timing.add('tokenize', tokenizeMs)
    timing.add('inference', inferenceMs)
    observeStage(this.#options.metrics, { stage: 'queue', ms: queuedMs, trace })
  }

  /** A row that a worker failed under is retried once; then its request has failed. */
  #retry(row: Row, error: unknown): void {
    const { job } = row
    if (row.retry) this.#fail(job, error)
    if (job.settled) return
    this.#queue.add({ ...row, retry: true })
    this.#backlog.takeBack(row)
  }

  #fail(job: Job, error: unknown): void {
    if (job.settled) return
    this.#queue.remove(job)
    this.#backlog.remove(job)
    job.fail(error)
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
