import { BatchShape, reachOf } from '../../model/batch-shape.ts'
import { Shares } from './fair-shares.ts'
import type { Job, Row } from './job.ts'
import { Lanes } from './length-buckets.ts'

/**
 * The rows that wait for a worker. Batches are of nearly equal length, and fair: the caller that
 * has been given least leads the next one, with the request of its that is due first, so that a
 * single text does not wait for another request's thousand. Others fill what room is left.
 */
export class Queue {
  readonly #rows = new Lanes<Row>()
  readonly #again: Row[] = []
  readonly #callers = new Shares<string>()
  readonly #jobs = new Map<string, Set<Job>>()
  #tokens = 0

  /** Tokens of all rows that wait. */
  get tokens(): number {
    return this.#tokens
  }

  /** Adds a row. One that a worker failed under goes first, and alone: it may be what broke it. */
  add(row: Row): void {
    this.#tokens += row.length
    if (row.again) {
      this.#again.push(row)
      return
    }
    this.#rows.add(row)
    row.job.rows.add(row)
    this.#jobsOf(row.job).add(row.job)
  }

  /** Forgets every row of a job. */
  remove(job: Job): void {
    for (const row of job.rows) this.#drop(row)
    for (const row of this.#again.filter((row) => row.job === job)) {
      this.#again.splice(this.#again.indexOf(row), 1)
      this.#tokens -= row.length
    }
  }

  /** The next batch: at most `maxTokens`, padding included, but always one row if any waits. */
  take(maxTokens: number): Row[] {
    const alone = this.#again.shift()
    if (alone) {
      this.#tokens -= alone.length
      return [alone]
    }
    const job = this.#nextJob()
    const leader = job?.rows.first()
    return job && leader ? this.#fill(job, leader, maxTokens) : []
  }

  /** The leader, then rows of its own job, then of all others: the nearest in length first. */
  #fill(job: Job, leader: Row, maxTokens: number): Row[] {
    const batch: Row[] = []
    const shape = new BatchShape(maxTokens)
    const reach = reachOf(maxTokens)
    const lanes = [...job.rows.near(leader.length, reach), ...this.#rows.near(leader.length, reach)]
    for (const lane of lanes) {
      for (const row of lane) {
        if (!shape.admits(row.length)) break
        shape.add(row.length)
        batch.push(row)
        this.#hand(row)
      }
    }
    return batch
  }

  /** Charges a row to its caller, and lets it go. */
  #hand(row: Row): void {
    this.#callers.charge(row.job.call.caller, row.length)
    this.#drop(row)
  }

  #drop(row: Row): void {
    const { job } = row
    if (!this.#rows.delete(row)) return
    job.rows.delete(row)
    this.#tokens -= row.length
    if (job.rows.first()) return

    const { caller } = job.call
    const jobs = this.#jobs.get(caller)
    jobs?.delete(job)
    if (jobs?.size !== 0) return
    this.#jobs.delete(caller)
    this.#callers.leave(caller)
  }

  #nextJob(): Job | undefined {
    const caller = this.#callers.next()
    let next: Job | undefined
    for (const job of this.#jobs.get(caller ?? '') ?? []) {
      if (!next || job.dueAt < next.dueAt) next = job
    }
    return next
  }

  #jobsOf({ call: { caller } }: Job): Set<Job> {
    this.#callers.join(caller)
    const jobs = this.#jobs.get(caller) ?? new Set<Job>()
    this.#jobs.set(caller, jobs)
    return jobs
  }
}
