import type { Metrics } from '../telemetry/metrics.ts'
import { admit } from './admission.ts'
import type { Job } from './job.ts'

/** What has been admitted and not been given to a worker, in texts and tokens. */
export class Backlog {
  readonly #jobs = new Set<Job>()
  readonly #maxTokens: number
  readonly #metrics: Metrics
  #texts = 0
  #tokens = 0

  constructor(maxTokens: number, metrics: Metrics) {
    this.#maxTokens = maxTokens
    this.#metrics = metrics
    metrics.queueMaxTokens.set(maxTokens)
  }

  /** Takes a job in whole, or throws as `admit` does. */
  admit(job: Job, tokensPerMs: number): void {
    admit({
      cost: job.waitingTokens,
      waiting: this.#tokens,
      waitingByJob: this.#jobs.values().map((other) => other.waitingTokens),
      maxTokens: this.#maxTokens,
      tokensPerMs,
      remainingMs: job.call.deadlineAt - performance.now(),
    })
    this.#jobs.add(job)
    this.#count(job.waitingTexts, job.waitingTokens)
  }

  /** Counts texts of a job in, or out if negative; the tokens alone where an estimate is corrected. */
  change(job: Job, texts: number, tokens: number): void {
    if (!this.#jobs.has(job)) return
    job.waitingTexts += texts
    job.waitingTokens += tokens
    this.#count(texts, tokens)
  }

  remove(job: Job): void {
    if (this.#jobs.delete(job)) this.#count(-job.waitingTexts, -job.waitingTokens)
  }

  #count(texts: number, tokens: number): void {
    this.#texts += texts
    this.#tokens += tokens
    this.#metrics.queueTexts.set(this.#texts)
    this.#metrics.queueTokens.set(this.#tokens)
  }
}
