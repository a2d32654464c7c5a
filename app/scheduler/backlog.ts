import type { Clock } from '../clock.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { admit } from './admission.ts'
import type { FairShares } from './fair-shares.ts'
import type { Job, Row } from './job.ts'

interface BacklogOptions {
  readonly maxTokens: number
  readonly shares: FairShares
  readonly metrics: Metrics
  readonly now: Clock
}

/** Totals of what is admitted and not answered, and of what of it waits for a worker: the queue depth. */
export class Backlog {
  readonly #options: BacklogOptions
  #openTokens = 0
  #waitingTexts = 0
  #waitingTokens = 0

  constructor(options: BacklogOptions) {
    this.#options = options
    options.metrics.queueMaxTokens.set(options.maxTokens)
  }

  /** Admits a job with all its texts, or throws as `admit` does. */
  admit(job: Job, tokensPerMs: number): void {
    const { shares, maxTokens, now } = this.#options
    admit({
      cost: job.tokens,
      waiting: this.#waitingTokens,
      open: this.#openTokens,
      tokensAhead: () => shares.tokensAhead(job),
      maxTokens,
      tokensPerMs,
      remainingMs: job.call.deadlineAt - now(),
    })
    shares.open(job)
    this.#openTokens += job.tokens
    this.#count(job.waitingTexts, job.waitingTokens)
  }

  /** Replaces the estimate for one text of a job by the tokenizer's count. */
  countTokens(job: Job, index: number, tokens: number): void {
    const lacking = job.countTokens(index, tokens)
    this.#openTokens += lacking
    this.#count(0, lacking)
  }

  /** A worker was given these rows. */
  handOut(rows: readonly Row[]): void {
    for (const { job, length } of rows) {
      if (job.settled) continue
      job.addWaiting(-1, -length)
      this.#count(-1, -length)
    }
  }

  /** A row waits again: its worker failed. */
  takeBack({ job, length }: Row): void {
    if (job.settled) return
    job.addWaiting(1, length)
    this.#count(1, length)
  }

  /** To be called once, when a job is settled. */
  remove(job: Job): void {
    this.#options.shares.close(job)
    this.#openTokens -= job.tokens
    this.#count(-job.waitingTexts, -job.waitingTokens)
  }

  #count(texts: number, tokens: number): void {
    const { metrics } = this.#options
    this.#waitingTexts += texts
    this.#waitingTokens += tokens
    metrics.queueTexts.set(this.#waitingTexts)
    metrics.queueTokens.set(this.#waitingTokens)
  }
}
