import type { Metrics } from '../telemetry/metrics.ts'
import { admit } from './admission.ts'
import type { Job } from './job.ts'

/**
 * A request is due after this many times what it takes alone, and its caller's others wait if they
 * are due later. So a small one passes the large ones before it, but those of about one size are
 * served in the order in which they came: then who is admitted is not slowed by who comes after,
 * and is answered in time even under more load than can be served.
 */
const STRETCH = 10

/** A caller's requests that are not answered, and the tokens of all their texts. */
interface Open {
  readonly jobs: Set<Job>
  tokens: number
}

/** What has been admitted and not been answered, by caller, and how much of it no worker has been given. */
export class Backlog {
  readonly #callers = new Map<string, Open>()
  readonly #maxTokens: number
  readonly #metrics: Metrics
  #waitingTexts = 0
  #waitingTokens = 0
  /** Of all texts of all requests here. */
  #tokens = 0

  constructor(maxTokens: number, metrics: Metrics) {
    this.#maxTokens = maxTokens
    this.#metrics = metrics
    metrics.queueMaxTokens.set(maxTokens)
  }

  /** Takes a job in whole, or throws as `admit` does. */
  admit(job: Job, tokensPerMs: number): void {
    job.dueAt = job.admittedAt + (STRETCH * job.tokens) / tokensPerMs
    admit({
      cost: job.tokens,
      waiting: this.#waitingTokens,
      open: this.#tokens,
      openBefore: () => this.#before(job),
      maxTokens: this.#maxTokens,
      tokensPerMs,
      remainingMs: job.call.deadlineAt - performance.now(),
    })
    const open = this.#callers.get(job.call.caller) ?? { jobs: new Set(), tokens: 0 }
    this.#callers.set(job.call.caller, open)
    open.jobs.add(job)
    this.#countOpen(open, job.tokens)
    this.#count(job.waitingTexts, job.waitingTokens)
  }

  /** Counts the tokens of a job that its estimate lacked; had too many, if negative. */
  correct(job: Job, tokens: number): void {
    const open = this.#openWith(job)
    if (!open) return
    job.tokens += tokens
    this.#countOpen(open, tokens)
    this.change(job, 0, tokens)
  }

  /** Counts texts of a job as waiting, or no more if negative. */
  change(job: Job, texts: number, tokens: number): void {
    if (!this.#openWith(job)) return
    job.waitingTexts += texts
    job.waitingTokens += tokens
    this.#count(texts, tokens)
  }

  remove(job: Job): void {
    const open = this.#openWith(job)
    if (!open) return
    open.jobs.delete(job)
    if (open.jobs.size === 0) this.#callers.delete(job.call.caller)
    this.#countOpen(open, -job.tokens)
    this.#count(-job.waitingTexts, -job.waitingTokens)
  }

  /** What its caller has open, if the job is part of it. */
  #openWith(job: Job): Open | undefined {
    const open = this.#callers.get(job.call.caller)
    return open?.jobs.has(job) ? open : undefined
  }

  /**
   * Tokens that are read before a newcomer is done, its own not counted: those of its caller's
   * that are due before, and as much for each other caller, if that has so much.
   */
  #before({ call: { caller }, dueAt, tokens }: Job): number {
    let own = 0
    for (const job of this.#callers.get(caller)?.jobs ?? []) {
      if (job.dueAt <= dueAt) own += job.tokens
    }
    let others = 0
    for (const [other, open] of this.#callers) {
      if (other !== caller) others += Math.min(own + tokens, open.tokens)
    }
    return own + others
  }

  #countOpen(open: Open, tokens: number): void {
    open.tokens += tokens
    this.#tokens += tokens
  }

  #count(texts: number, tokens: number): void {
    this.#waitingTexts += texts
    this.#waitingTokens += tokens
    this.#metrics.queueTexts.set(this.#waitingTexts)
    this.#metrics.queueTokens.set(this.#waitingTokens)
  }
}
