import { CallerLedger } from './caller-ledger.ts'
import type { Job, Row } from './job.ts'

/**
 * A ledger for each caller with open requests, and whose turn it is: start-time fair queueing
 * (Goyal et al. 1996). The virtual time is the service that the caller whose turn it is has
 * received. A new flow starts there: no penalty for coming late, no credit for having been idle.
 */
export class FairShares {
  readonly #ledgers = new Map<string, CallerLedger>()
  #virtualTime = 0

  /** Callers with open requests. */
  get size(): number {
    return this.#ledgers.size
  }

  open(job: Job): void {
    const ledger = this.#ledgers.get(job.caller) ?? new CallerLedger()
    this.#ledgers.set(job.caller, ledger)
    ledger.open(job)
  }

  close(job: Job): void {
    const ledger = this.#ledgers.get(job.caller)
    ledger?.close(job)
    if (ledger?.jobs.size === 0) this.#ledgers.delete(job.caller)
  }

  /** Adds a row of an open request. Throws if the request is not open: nobody would ever take the row. */
  add(row: Row): void {
    const ledger = this.#ledgers.get(row.job.caller)
    if (!ledger?.jobs.has(row.job)) throw new Error('A row of a request that is not open.')
    ledger.add(row, this.#virtualTime)
  }

  ledgerOf({ caller }: Pick<Job, 'caller'>): CallerLedger | undefined {
    return this.#ledgers.get(caller)
  }

  /** The least-served caller of those with rows that wait. */
  next(): CallerLedger | undefined {
    let next: CallerLedger | undefined
    for (const ledger of this.#ledgers.values()) {
      if (ledger.waits && (!next || ledger.served < next.served)) next = ledger
    }
    if (next) this.#virtualTime = next.served
    return next
  }

  /**
   * Tokens ahead of a request: its caller's earlier-due requests, plus an equal fair share for
   * every other caller that has so much.
   */
  tokensAhead({ caller, dueAt, tokens }: Pick<Job, 'caller' | 'dueAt' | 'tokens'>): number {
    let own = 0
    for (const job of this.#ledgers.get(caller)?.jobs ?? []) {
      if (job.dueAt <= dueAt) own += job.tokens
    }
    let others = 0
    for (const [other, ledger] of this.#ledgers) {
      if (other !== caller) others += Math.min(own + tokens, ledger.tokens)
    }
    return own + others
  }
}
