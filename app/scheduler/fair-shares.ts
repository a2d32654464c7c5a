import { CallerLedger } from './caller-ledger.ts'
import type { Job, Row } from './job.ts'
import type { Place } from './place.ts'
import { millisecondsOf, type Rates, type Work } from './work.ts'

/** What stands before a request, in milliseconds of work. */
export interface Ahead {
  /** Its caller's earlier-due requests. */
  readonly ownMs: number
  /** What every other caller has done meanwhile: as much as this caller, if it has so much. */
  othersMs(whileMs: number): number
}

/**
 * A ledger for each caller with open requests, and whose turn it is: start-time fair queueing
 * (Goyal et al. 1996). The virtual time is the service that the caller whose turn it is has
 * received. A new flow starts there: no penalty for coming late, no credit for having been idle.
 */
export class FairShares {
  readonly #ledgers = new Map<string, CallerLedger>()
  #virtualTime = 0
  #lateLast = false

  /** Callers with open requests, or that wait for somebody else's. */
  get size(): number {
    return this.#ledgers.size
  }

  open(job: Job): void {
    this.#ledger(job.caller).open(job)
  }

  close(job: Job): void {
    this.#ledgers.get(job.caller)?.close(job)
    this.#forgetIdle(job.caller)
  }

  /** An open request has more work than was counted, or less. */
  addWork(job: Job, work: Work): void {
    this.#ledgers.get(job.caller)?.addWork(work)
  }

  /**
   * Adds a row of an open request, at its own place and at those of the requests that share it.
   * Throws if the request is not open: nobody would ever take the row.
   */
  add(row: Row): void {
    const { job, index } = row
    if (!this.#ledgers.get(job.caller)?.jobs.has(job)) {
      throw new Error('A row of a request that is not open.')
    }
    for (const place of [job, ...job.placesOf(index)]) this.addAt(row, place)
  }

  /** Adds a row at one more place, where it may be served as well, or moves it there from another. */
  addAt(row: Row, place: Place, from?: Place): void {
    this.#ledger(place.caller).add(row, place, this.#virtualTime)
    if (from) this.#ledger(from.caller).remove(row, from)
  }

  /** Removes a row from all its places. */
  remove(row: Row): void {
    for (const place of [row.job, ...row.job.placesOf(row.index)]) {
      this.#ledgers.get(place.caller)?.remove(row, place)
      this.#forgetIdle(place.caller)
    }
  }

  ledgerOf({ caller }: Pick<Place, 'caller'>): CallerLedger | undefined {
    return this.#ledgers.get(caller)
  }

  /**
   * The place whose rows come next: the earliest-due one of the least-served caller. If a deadline is
   * at risk, that place is served first, but every other time at most: even if all are late, every
   * caller has its share of what is left.
   */
  next(now: number): Place | undefined {
    const late = this.#lateLast ? undefined : this.#earliestLate(now)
    this.#lateLast = late !== undefined
    return late ?? this.#leastServed()?.earliestDue()
  }

  /** What stands before a request. */
  ahead({ caller, dueAt }: Place, rates: Rates): Ahead {
    const own = this.#ledgers.get(caller)?.workBefore(dueAt)
    const ownMs = own ? millisecondsOf(own, rates) : 0
    return {
      ownMs,
      othersMs: (whileMs) => {
        let ms = 0
        for (const [other, { work }] of this.#ledgers) {
          if (other !== caller) ms += Math.min(whileMs, millisecondsOf(work, rates))
        }
        return ms
      },
    }
  }

  #leastServed(): CallerLedger | undefined {
    let least: CallerLedger | undefined
    for (const ledger of this.#ledgers.values()) {
      if (ledger.waits && (!least || ledger.served < least.served)) least = ledger
    }
    if (least) this.#virtualTime = least.served
    return least
  }

  #earliestLate(now: number): Place | undefined {
    let first: Place | undefined
    for (const ledger of this.#ledgers.values()) {
      const place = ledger.earliestLate()
      if (place && place.lateAt <= (first?.lateAt ?? now)) first = place
    }
    return first
  }

  #ledger(caller: string): CallerLedger {
    const ledger = this.#ledgers.get(caller) ?? new CallerLedger()
    this.#ledgers.set(caller, ledger)
    return ledger
  }

  #forgetIdle(caller: string): void {
    const ledger = this.#ledgers.get(caller)
    if (ledger && ledger.jobs.size === 0 && !ledger.waits) this.#ledgers.delete(caller)
  }
}
