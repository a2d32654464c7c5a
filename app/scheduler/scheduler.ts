import type {
  Call,
  Classify,
  Follower,
  Prediction,
  RefusalOf,
  RefusalOfTexts,
} from '../classifier/classify.ts'
import type { AppError } from '../errors.ts'
import { observeStage } from '../telemetry/stage.ts'
import type { TokenizedTexts } from '../workers/messages.ts'
import { zip } from '../zip.ts'
import { estimateTokens, estimateWork } from './admission.ts'
import { Backlog } from './backlog.ts'
import { FairQueue } from './fair-queue.ts'
import { FairShares } from './fair-shares.ts'
import { Job, type Row } from './job.ts'
import { observeBatch } from './observe-batch.ts'
import type { Pools, SchedulerOptions } from './options.ts'
import { placeOf } from './place.ts'
import { reportTimes } from './report-times.ts'
import { toBatch, toRows } from './rows.ts'
import { Slots } from './slots.ts'
import { Throughput, TokenizerThroughput } from './throughput.ts'
import { Tokenization } from './tokenization.ts'
import type { Work } from './work.ts'

/**
 * Turns requests into batches for the workers (continuous batching): an idle worker starts at
 * once, and what arrives while all are busy becomes the next batches. A request is admitted with
 * all its texts or refused, as `admit` says. An aborted call leaves the queue. `refusalOf` and
 * `refusalOfTexts` say early whom it would refuse; `hasWaiting` whether any text waits.
 */
export function createScheduler(pools: Pools, options: SchedulerOptions) {
  const scheduler = new Scheduler(pools, options)
  const classify: Classify = (texts, call) => scheduler.classify(texts, call)
  const refusalOf: RefusalOf = (caller, least) => scheduler.refusalOf(caller, least)
  const refusalOfTexts: RefusalOfTexts = (texts, caller) => scheduler.refusalOfTexts(texts, caller)
  return { classify, refusalOf, refusalOfTexts, hasWaiting: () => scheduler.hasWaiting }
}

class Scheduler {
  readonly #workers: Pools['workers']
  readonly #options: SchedulerOptions
  readonly #backlog: Backlog
  readonly #queue: FairQueue
  readonly #tokenization: Tokenization
  readonly #throughput: Throughput
  readonly #slots: Slots
  readonly #tokenizerThroughput = new TokenizerThroughput()

  constructor(pools: Pools, options: SchedulerOptions) {
    const { maxQueueTokens: maxTokens, maxQueueSeconds: maxSeconds, metrics, now, pace } = options
    const shares = new FairShares()
    const { workers } = pools
    this.#workers = workers
    this.#options = options
    this.#slots = new Slots(workers, pace)
    this.#throughput = new Throughput(pace.tokensPerMs * workers.size, now)
    const limits = { maxTokens, maxSeconds, turnTokens: pace.fullBatchTokens }
    const rates = () => ({
      tokensPerMs: this.#throughput.tokensPerMs,
      charsPerMs: this.#tokenizerThroughput.charsPerMs,
    })
    this.#backlog = new Backlog({ limits, shares, rates, metrics, now })
    this.#queue = new FairQueue(shares)
    this.#tokenization = new Tokenization(pools, {
      tokenized: (job, indexes, texts) => this.#enqueue(job, indexes, texts),
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
    call.onFollower?.((text, follower) => this.#share(job, text, follower))
    try {
      return await job.done
    } finally {
      signal.removeEventListener('abort', leave)
    }
  }

  refusalOf(caller: string, least: Work): AppError | undefined {
    return this.#backlog.refusal(caller, least)
  }

  refusalOfTexts(texts: readonly string[], caller: string): AppError | undefined {
    return this.#backlog.refusal(caller, estimateWork(texts, this.#options.maxTokens))
  }

  get hasWaiting(): boolean {
    return this.#backlog.waitingTexts > 0
  }

  #admit(texts: readonly string[], call: Call): Job {
    const { maxTokens, now } = this.#options
    const estimates = texts.map((text) => estimateTokens(text, maxTokens))
    const job = new Job(texts, call, { estimates, admittedAt: now(), ...this.#speed })
    this.#backlog.admit(job)
    return job
  }

  get #speed() {
    const { tokensPerMs } = this.#throughput
    return { tokensPerMs, batchTokens: this.#options.pace.maxBatchTokens }
  }

  /**
   * Another request waits for a text of this job: it is served at the place that the other would have
   * had itself, if that is better (priority inheritance).
   */
  #share(job: Job, text: string, { caller, texts, deadlineAt }: Follower): void {
    const index = job.indexOf(text)
    if (job.settled || index < 0) return
    const { maxTokens, now } = this.#options
    const { tokens } = estimateWork(texts, maxTokens)
    const place = placeOf(caller, { tokens, ...this.#speed, now: now(), deadlineAt })
    const before = job.placeOf(index, caller)
    if (before && before.dueAt <= place.dueAt) return
    job.share(index, place)
    if (job.isTaken(index)) this.#queue.share({ job, index }, place, before)
    else if (!before) this.#tokenization.addShared(job, index, caller)
  }

  #enqueue(job: Job, indexes: readonly number[], texts: TokenizedTexts): void {
    const { tokenizeMs } = texts
    observeStage(this.#options.metrics, { stage: 'tokenize', ms: tokenizeMs })
    this.#tokenizerThroughput.count(job.charsOfAll(indexes), tokenizeMs)
    if (job.settled) return

    const endedAt = this.#options.now()
    job.addTokenizeTime(tokenizeMs, endedAt)
    job.call.trace.add('tokenize', { startedAt: endedAt - tokenizeMs, endedAt })
    for (const row of toRows(job, indexes, texts)) {
      this.#backlog.countTokens(job, row.index, row.length)
      this.#queue.add(row)
    }
    this.#dispatch()
  }

  #dispatch(): void {
    const next = () => this.#slots.next(this.#queue.tokens)
    for (let limits = next(); limits; limits = next()) {
      void this.#runBatch(this.#queue.take(limits, this.#options.now()))
    }
  }

  async #runBatch(rows: readonly Row[]): Promise<void> {
    const length = rows.reduce((sum, row) => sum + row.length, 0)
    this.#slots.take(length)
    this.#backlog.handOut(rows)
    try {
      const inferred = await this.#workers.run(toBatch(rows))
      const { tokens, area } = observeBatch(this.#options, rows, inferred)
      this.#throughput.count(tokens, this.#queue.tokens > 0)
      this.#slots.runCost.count({ tokens: area, ms: inferred.inferenceMs })
      for (const [row, scores] of zip(rows, inferred.scores)) {
        this.#answer(row, scores, inferred.inferenceMs)
      }
    } catch (error) {
      for (const row of rows) this.#retry(row, error)
    }
    this.#slots.release(length)
    this.#dispatch()
  }

  #answer(row: Row, scores: readonly number[], inferenceMs: number): void {
    const { job, index, truncated } = row
    if (job.settled) return
    if (job.answer(index, { scores, truncated, source: 'model' })) {
      reportTimes(job, inferenceMs, this.#options)
      this.#backlog.remove(job)
      job.finish()
    }
    job.announce(index)
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
