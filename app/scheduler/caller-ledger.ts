import type { Job, Row } from './job.ts'
import { LengthBuckets } from './length-buckets.ts'

/**
 * The one record of a caller: its open requests, its rows that wait for a worker, and the service
 * it has received.
 */
export class CallerLedger {
  readonly #jobs = new Set<Job>()
  readonly #waiting = new Map<Job, LengthBuckets<Row>>()
  #served = 0

  /** Requests that are admitted and not answered. */
  get jobs(): ReadonlySet<Job> {
    return this.#jobs
  }

  /** Whether rows of it wait for a worker. */
  get waits(): boolean {
    return this.#waiting.size > 0
  }

  /** Tokens that workers were given for it, on the scale of the virtual time. */
  get served(): number {
    return this.#served
  }

  /** Tokens of its open requests. */
  get tokens(): number {
    let tokens = 0
    for (const job of this.#jobs) tokens += job.tokens
    return tokens
  }

  open(job: Job): void {
    this.#jobs.add(job)
  }

  close(job: Job): void {
    this.#jobs.delete(job)
  }

  /**
   * Adds a row. A caller for whom nothing waited starts at `virtualTime`, unless it is ahead of it.
   */
  add(row: Row, virtualTime: number): void {
    if (!this.waits) this.#served = Math.max(this.#served, virtualTime)
    const rows = this.#waiting.get(row.job) ?? new LengthBuckets<Row>()
    this.#waiting.set(row.job, rows)
    rows.add(row)
  }

  /** Removes a row that was dispatched to a worker, or whose request has ended. */
  remove(row: Row): void {
    const rows = this.#waiting.get(row.job)
    rows?.delete(row)
    if (rows && !rows.first()) this.#waiting.delete(row.job)
  }

  charge(tokens: number): void {
    this.#served += tokens
  }

  /** Rows of a request that wait. */
  rowsOf(job: Job): LengthBuckets<Row> | undefined {
    return this.#waiting.get(job)
  }

  /** The queued rows of the earliest-due request. */
  earliestDue(): LengthBuckets<Row> | undefined {
    let earliest: Job | undefined
    for (const job of this.#waiting.keys()) {
      if (!earliest || job.dueAt < earliest.dueAt) earliest = job
    }
    return earliest && this.#waiting.get(earliest)
  }
}
