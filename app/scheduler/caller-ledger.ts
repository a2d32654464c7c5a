import type { Job, Row } from './job.ts'
import { LengthBuckets } from './length-buckets.ts'
import type { Place } from './place.ts'
import type { Work } from './work.ts'

/**
 * The one record of a caller: its open requests, the rows that it waits for, and the service it has
 * received.
 */
export class CallerLedger {
  readonly #jobs = new Set<Job>()
  readonly #waiting = new Map<Place, LengthBuckets<Row>>()
  #tokens = 0
  #chars = 0
  #served = 0

  /** Requests that are admitted and not answered. */
  get jobs(): ReadonlySet<Job> {
    return this.#jobs
  }

  /** Whether rows that it waits for have not been given to a worker. */
  get waits(): boolean {
    return this.#waiting.size > 0
  }

  /** Tokens that workers were given for it, on the scale of the virtual time. */
  get served(): number {
    return this.#served
  }

  /** The work of its open requests. */
  get work(): Work {
    return { tokens: this.#tokens, chars: this.#chars }
  }

  open(job: Job): void {
    this.#jobs.add(job)
    this.addWork({ tokens: job.tokens, chars: job.untokenizedChars })
  }

  close(job: Job): void {
    if (!this.#jobs.delete(job)) return
    this.addWork({ tokens: -job.tokens, chars: -job.untokenizedChars })
  }

  /** An open request has more work than was counted, or less. */
  addWork({ tokens, chars }: Work): void {
    this.#tokens += tokens
    this.#chars += chars
  }

  /**
   * What of its work comes before a request that is due then: for the model what is due earlier; for
   * the tokenizer, which goes by turns, all of it.
   */
  workBefore(dueAt: number): Work {
    let tokens = 0
    for (const job of this.#jobs) if (job.dueAt <= dueAt) tokens += job.tokens
    return { tokens, chars: this.#chars }
  }

  /**
   * Adds a row at one of its places. A caller for whom nothing waited starts at `virtualTime`, unless
   * it is ahead of it.
   */
  add(row: Row, place: Place, virtualTime: number): void {
    if (!this.waits) this.#served = Math.max(this.#served, virtualTime)
    const rows = this.#waiting.get(place) ?? new LengthBuckets<Row>()
    this.#waiting.set(place, rows)
    rows.add(row)
  }

  /** Removes a row that was dispatched to a worker, or whose request has ended. */
  remove(row: Row, place: Place): void {
    const rows = this.#waiting.get(place)
    rows?.delete(row)
    if (rows && !rows.first()) this.#waiting.delete(place)
  }

  charge(tokens: number): void {
    this.#served += tokens
  }

  /** Rows that wait at a place. */
  rowsAt(place: Place): LengthBuckets<Row> | undefined {
    return this.#waiting.get(place)
  }

  /** The place that is due first, of those where rows wait. */
  earliestDue(): Place | undefined {
    return this.#first(({ dueAt }) => dueAt)
  }

  /** The place that must be served first to be in time, of those where rows wait. */
  earliestLate(): Place | undefined {
    return this.#first(({ lateAt }) => lateAt)
  }

  #first(timeOf: (place: Place) => number): Place | undefined {
    let first: Place | undefined
    for (const place of this.#waiting.keys()) {
      if (!first || timeOf(place) < timeOf(first)) first = place
    }
    return first
  }
}
