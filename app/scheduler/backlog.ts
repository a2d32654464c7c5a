import type { Clock } from '../clock.ts'
import type { AppError } from '../errors.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { admit, type QueueLimits } from './admission.ts'
import type { FairShares } from './fair-shares.ts'
import type { Job, Row } from './job.ts'
import { Refusals } from './refusals.ts'
import { millisecondsOf, type Rates, type Work } from './work.ts'

interface BacklogOptions {
  readonly limits: QueueLimits
  readonly shares: FairShares
  /** Of the last batches. */
  readonly rates: () => Rates
  readonly metrics: Metrics
  readonly now: Clock
}

/** Totals of what is admitted and not answered, and of what of it waits for a worker: the queue depth. */
export class Backlog {
  readonly #options: BacklogOptions
  #open: Work = { tokens: 0, chars: 0 }
  readonly #refusals = new Refusals()
  #waitingTexts = 0
  #waitingTokens = 0

  constructor(options: BacklogOptions) {
    this.#options = options
    options.metrics.queueMaxTokens.set(options.limits.maxTokens)
    options.metrics.queueMaxSeconds.set(options.limits.maxSeconds)
  }

  /** Admits a job with all its texts, or throws as `admit` does. */
  admit(job: Job): void {
    const { shares, limits, now } = this.#options
    const rates = this.#options.rates()
    const cost = { tokens: job.tokens, chars: job.untokenizedChars }
    const again = this.#refusals.of(job.caller, cost)
    if (again) throw again
    const ledger = shares.ledgerOf(job)
    const load = {
      cost,
      waiting: this.#waitingTokens,
      open: this.#open,
      ownTokens: ledger?.work.tokens ?? 0,
      callers: shares.size + (ledger ? 0 : 1),
      ahead: () => shares.ahead(job, rates),
      rates,
      remainingMs: job.call.deadlineAt - now(),
    }
    try {
      admit(load, limits)
    } catch (error) {
      this.#refusals.keep(job.caller, cost, error)
      throw error
    }
    shares.open(job)
    this.#addOpen(cost)
    this.#count(job.waitingTexts, job.waitingTokens)
  }

  /** The error of a caller of whom a request of at most this work was refused, and would be now. */
  refusal(caller: string, work: Work): AppError | undefined {
    return this.#refusals.of(caller, work)
  }

  /** Replaces the estimate for one text of a job, which is tokenized now, by its count. */
  countTokens(job: Job, index: number, tokens: number): void {
    this.#refusals.forget()
    const lacking = job.countTokens(index, tokens)
    const change = { tokens: lacking, chars: -job.charsOf(index) }
    this.#options.shares.addWork(job, change)
    this.#addOpen(change)
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
    this.#refusals.forget()
    this.#options.shares.close(job)
    this.#addOpen({ tokens: -job.tokens, chars: -job.untokenizedChars })
    this.#count(-job.waitingTexts, -job.waitingTokens)
  }

  /** Texts that are admitted and wait for the tokenizer or a worker. */
  get waitingTexts(): number {
    return this.#waitingTexts
  }

  #addOpen({ tokens, chars }: Work): void {
    const { metrics, rates } = this.#options
    this.#open = { tokens: this.#open.tokens + tokens, chars: this.#open.chars + chars }
    metrics.queueSeconds.set(millisecondsOf(this.#open, rates()) / 1000)
  }

  #count(texts: number, tokens: number): void {
    const { metrics } = this.#options
    this.#waitingTexts += texts
    this.#waitingTokens += tokens
    metrics.queueTexts.set(this.#waitingTexts)
    metrics.queueTokens.set(this.#waitingTokens)
  }
}
