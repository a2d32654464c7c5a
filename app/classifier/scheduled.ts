import type { Batch } from '../../model/session.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { admit, estimateTokens } from './admission.ts'
import type { Answer, Call, Classify } from './classify.ts'
import type { Pool } from './pool.ts'
import { type Job, Queue, type Slot } from './queue.ts'

interface ScheduledOptions {
  /** Tokens that the model reads of one text. */
  readonly maxTokens: number
  readonly maxBatchTokens: number
  readonly maxQueueTokens: number
  readonly metrics: Metrics
}

/**
 * Turns requests into batches for the workers. An idle worker starts at once; what arrives while
 * all are busy becomes the next batch. A request is admitted with all its texts or refused with
 * `overloaded`, or `payload_too_large` if it could never fit. An aborted call leaves the queue.
 */
export function scheduled(pool: Pool, options: ScheduledOptions): Classify {
  const scheduler = new Scheduler(pool, options)
  return (texts, call) => scheduler.classify(texts, call)
}

interface Request extends Job {
  readonly call: Call
  readonly queuedAt: number
  /** Filled in place, in the order of the texts. */
  readonly answers: Answer[]
  /** Texts that are not answered yet. */
  open: number
  readonly done: PromiseWithResolvers<readonly Answer[]>
}

/** Until the first batch has been measured. */
const ASSUMED_TOKENS_PER_MS = 5

class Scheduler {
  readonly #pool: Pool
  readonly #options: ScheduledOptions
  readonly #queue = new Queue<Request>()
  #running = 0
  /** Of one worker. */
  #tokensPerMs = ASSUMED_TOKENS_PER_MS

  constructor(pool: Pool, options: ScheduledOptions) {
    this.#pool = pool
    this.#options = options
  }

  async classify(texts: readonly string[], call: Call): Promise<readonly Answer[]> {
    call.signal.throwIfAborted()
    const request = this.#admitted(texts, call)
    const leave = () => this.#fail(request, call.signal.reason)
    call.signal.addEventListener('abort', leave, { once: true })
    this.#queue.add(request)
    this.#dispatch()
    try {
      return await request.done.promise
    } finally {
      call.signal.removeEventListener('abort', leave)
    }
  }

  #admitted(texts: readonly string[], call: Call): Request {
    const { maxTokens, maxQueueTokens } = this.#options
    const tokens = texts.map((text) => estimateTokens(text, maxTokens))
    admit({
      cost: tokens.reduce((sum, count) => sum + count, 0),
      queued: this.#queue.tokens,
      maxQueueTokens,
      tokensPerSecond: this.#tokensPerMs * 1000 * this.#pool.size,
    })
    return {
      texts,
      tokens,
      next: 0,
      call,
      queuedAt: performance.now(),
      answers: new Array(texts.length),
      open: texts.length,
      done: Promise.withResolvers(),
    }
  }

  #dispatch(): void {
    while (this.#running < this.#pool.size && this.#queue.texts > 0) {
      void this.#runBatch(this.#queue.take(this.#options.maxBatchTokens))
    }
    this.#options.metrics.queueTexts.set(this.#queue.texts)
    this.#options.metrics.queueTokens.set(this.#queue.tokens)
  }

  async #runBatch(slots: readonly Slot<Request>[]): Promise<void> {
    this.#running++
    const startedAt = performance.now()
    try {
      const batch = await this.#pool.run(slots.map((slot) => slot.text))
      this.#measure(batch)
      for (const [i, slot] of slots.entries()) this.#answer(slot, toAnswer(batch, i))
      for (const { job } of slots) if (job.open === 0) this.#finish(job, batch, startedAt)
    } catch (error) {
      for (const { job } of slots) this.#fail(job, error)
    }
    this.#running--
    this.#dispatch()
  }

  #answer({ job, index }: Slot<Request>, answer: Answer): void {
    job.answers[index] = answer
    job.open--
  }

  /** Of a request in many batches the last one's times are shown: with it they add up to the whole. */
  #finish(request: Request, batch: Batch, startedAt: number): void {
    const queuedMs = startedAt - request.queuedAt
    request.open = -1
    request.call.timing.add('queue', queuedMs)
    request.call.timing.add('tokenize', batch.tokenizeMs)
    request.call.timing.add('inference', batch.inferenceMs)
    this.#options.metrics.stageSeconds.observe({ stage: 'queue' }, queuedMs / 1000)
    request.done.resolve(request.answers)
  }

  #fail(request: Request, error: unknown): void {
    this.#queue.remove(request)
    request.done.reject(error)
    this.#dispatch()
  }

  #measure(batch: Batch): void {
    const { metrics } = this.#options
    let tokens = 0
    for (const run of batch.runs) {
      tokens += run.tokens
      metrics.batchTexts.observe(run.texts)
      metrics.batchTokens.observe(run.tokens + run.padding)
      metrics.tokens.inc(run.tokens)
      metrics.paddingTokens.inc(run.padding)
    }
    metrics.stageSeconds.observe({ stage: 'tokenize' }, batch.tokenizeMs / 1000)
    metrics.stageSeconds.observe({ stage: 'inference' }, batch.inferenceMs / 1000)
    this.#tokensPerMs = tokens / Math.max(batch.tokenizeMs + batch.inferenceMs, 0.001)
  }
}

function toAnswer(batch: Batch, i: number): Answer {
  const scores = batch.scores[i]
  const truncated = batch.truncated[i]
  if (!scores || truncated === undefined) throw new Error('A batch came back too short.')
  return { scores, truncated, source: 'model' }
}
