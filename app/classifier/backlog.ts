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

/** What has been admitted and not been answered, by caller, and how much of it no worker has been given. */
export class Backlog {
  readonly #callers = new Map<string, Set<Job>>()
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
    const { caller } = job.call
    const jobs = this.#callers.get(caller)
    if (jobs) jobs.add(job)
    else this.#callers.set(caller, new Set([job]))
    this.#tokens += job.tokens
    this.#count(job.waitingTexts, job.waitingTokens)
  }

  /** Counts the tokens of a job that its estimate lacked; had too many, if negative. */
  correct(job: Job, tokens: number): void {
    if (!this.#has(job)) return
    job.tokens += tokens
    this.#tokens += tokens
    this.change(job, 0, tokens)
  }

  /** Counts texts of a job as waiting, or no more if negative. */
  change(job: Job, texts: number, tokens: number): void {
    if (!this.#has(job)) return
    job.waitingTexts += texts
    job.waitingTokens += tokens
    this.#count(texts, tokens)
  }

  remove(job: Job): void {
    const { caller } = job.call
    const jobs = this.#callers.get(caller)
    if (!jobs?.delete(job)) return
    if (jobs.size === 0) this.#callers.delete(caller)
    this.#tokens -= job.tokens
    this.#count(-job.waitingTexts, -job.waitingTokens)
  }

  #has(job: Job): boolean {
    return this.#callers.get(job.call.caller)?.has(job) ?? false
  }

  /**
   * Tokens that are read before a newcomer is done, its own not counted: those of its caller's
   * that are due before, and as much for each other caller, if that has so much.
   */
  #before({ call: { caller }, dueAt, tokens }: Job): number {
    const own = sumOf(this.#callers.get(caller) ?? [], (job) => job.dueAt <= dueAt)
    let others = 0
    for (const [other, jobs] of this.#callers) {
      if (other !== caller) others += Math.min(own + tokens, sumOf(jobs))
    }
    return own + others
  }

  #count(texts: number, tokens: number): void {
    this.#waitingTexts += texts
    this.#waitingTokens += tokens
    this.#metrics.queueTexts.set(this.#waitingTexts)
    this.#metrics.queueTokens.set(this.#waitingTokens)
  }
}

function sumOf(jobs: Iterable<Job>, counts = (_job: Job) => true): number {
  let tokens = 0
  for (const job of jobs) if (counts(job)) tokens += job.tokens
  return tokens
}
