import { BatchShape, reachOf } from '../../model/batch-shape.ts'
import type { FairShares } from './fair-shares.ts'
import type { Job, Row } from './job.ts'
import { LengthBuckets } from './length-buckets.ts'

/**
 * The rows that wait for a worker. The least-served caller's earliest-due request leads the next
 * batch, so that a single text does not wait for another request's thousand; rows of similar
 * length from all others fill it.
 */
export class FairQueue {
  readonly #shares: FairShares
  readonly #rows = new LengthBuckets<Row>()
  readonly #retries: Row[] = []
  #tokens = 0

  constructor(shares: FairShares) {
    this.#shares = shares
  }

  /** Tokens of all rows that wait. */
  get tokens(): number {
    return this.#tokens
  }

  /** Adds a row of an open job. A retry goes first, and alone: it may be what broke the worker. */
  add(row: Row): void {
    this.#tokens += row.length
    if (row.retry) {
      this.#retries.push(row)
      return
    }
    this.#rows.add(row)
    this.#shares.add(row)
  }

  /** Removes every row of a job. */
  remove(job: Job): void {
    for (const row of this.#shares.ledgerOf(job)?.rowsOf(job) ?? []) this.#drop(row)
    for (const row of this.#retries.filter((row) => row.job === job)) {
      this.#retries.splice(this.#retries.indexOf(row), 1)
      this.#tokens -= row.length
    }
  }

  /** The next batch: at most `maxTokens`, padding included, but always one row if any waits. */
  take(maxTokens: number): Row[] {
    const retry = this.#retries.shift()
    if (retry) {
      this.#tokens -= retry.length
      return [retry]
    }
    const rows = this.#shares.next()?.earliestDue()
    const leader = rows?.first()
    return rows && leader ? this.#fill(leader, rows, maxTokens) : []
  }

  /** The leader, then rows of its own job, then of all others: the nearest in length first. */
  #fill(leader: Row, own: LengthBuckets<Row>, maxTokens: number): Row[] {
    const batch: Row[] = []
    const shape = new BatchShape(maxTokens)
    const reach = reachOf(maxTokens)
    const buckets = [...own.near(leader.length, reach), ...this.#rows.near(leader.length, reach)]
    for (const bucket of buckets) {
      for (const row of bucket) {
        if (!shape.admits(row.length)) break
        shape.add(row.length)
        batch.push(row)
        this.#shares.ledgerOf(row.job)?.charge(row.length)
        this.#drop(row)
      }
    }
    return batch
  }

  #drop(row: Row): void {
    if (!this.#rows.delete(row)) return
    this.#tokens -= row.length
    this.#shares.ledgerOf(row.job)?.remove(row)
  }
}
