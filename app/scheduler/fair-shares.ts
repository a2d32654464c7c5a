import { CallerLedger } from './caller-ledger.ts'
import type { Job } from './job.ts'

/**
 * A ledger for each caller with open requests, and whose turn it is: start-time fair queueing
 * (Goyal et al. 1996). The virtual time is the service that the caller whose turn it is has
 * received. A new flow starts there: no penalty for coming late, no credit for having been idle.
 */
export class FairShares {
  readonly #ledgers = new Map<string, CallerLedger>()
  #virtualTime = 0

  get virtualTime(): number {
    return this.#virtualTime
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
