import { type BatchLimits, BatchShape, reachOf } from '../../model/batch-shape.ts'
import type { FairShares } from './fair-shares.ts'
import type { Job, Row } from './job.ts'
import { LengthBuckets } from './length-buckets.ts'
import type { Place } from './place.ts'

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
    for (const row of this.#shares.ledgerOf(job)?.rowsAt(job) ?? []) this.#drop(row)
    for (const row of this.#retries.filter((row) => row.job === job)) {
      this.#retries.splice(this.#retries.indexOf(row), 1)
      this.#tokens -= row.length
    }
  }

  /**
   * Has a waiting row of a job served at one more place, or moves it there. None waits if a worker has
   * it already.
   */
  share({ job, index }: Pick<Row, 'job' | 'index'>, place: Place, from?: Place): void {
    for (const row of this.#shares.ledgerOf(job)?.rowsAt(job) ?? []) {
      if (row.index === index) this.#shares.addAt(row, place, from)
    }
  }

  /** The next batch: within these limits, but always one row if any waits. */
  take(limits: BatchLimits, now: number): Row[] {
    const retry = this.#retries.shift()
    if (retry) {
      this.#tokens -= retry.length
      return [retry]
    }
    const place = this.#shares.next(now)
    return place ? this.#fill(place, limits) : []
  }

  /**
   * The first row of a place, then others of that place, then of all others: the nearest in length
   * first. Whoever's place it is pays for what was served there, also where another has sent it.
   */
  #fill(place: Place, limits: BatchLimits): Row[] {
    const own = this.#shares.ledgerOf(place)?.rowsAt(place) ?? new LengthBuckets<Row>()
    const length = own.first()?.length ?? 0
    const near = { length, reach: reachOf(limits), shape: new BatchShape(limits) }
    const batch: Row[] = []
    for (const row of fitting(own, near)) batch.push(this.#serve(row, place))
    for (const row of fitting(this.#rows, near)) batch.push(this.#serve(row, row.job))
    return batch
  }

  #serve(row: Row, payer: Place): Row {
    this.#shares.ledgerOf(payer)?.charge(row.length)
    this.#drop(row)
    return row
  }

  #drop(row: Row): void {
    if (!this.#rows.delete(row)) return
    this.#tokens -= row.length
    this.#shares.remove(row)
  }
}

interface Near {
  readonly length: number
  readonly reach: number
  readonly shape: BatchShape
}

/** Rows that a batch has room for, which they take: the nearest in length first. */
function* fitting(rows: LengthBuckets<Row>, { length, reach, shape }: Near): Generator<Row> {
  for (const bucket of rows.near(length, reach)) {
    for (const row of bucket) {
      if (!shape.admits(row.length)) break
      shape.add(row.length)
      yield row
    }
  }
}
