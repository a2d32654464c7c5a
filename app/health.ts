type Phase = 'starting' | 'serving' | 'draining'

/**
 * Worker threads: `warm` ones take batches; `leaving` ones hung or failed and have not exited yet.
 */
interface Workers {
  readonly warm: number
  readonly leaving: number
}

/** State behind the readiness probe (send traffic?) and the liveness probe (restart?). */
export class Health {
  phase: Phase = 'starting'
  workers: Workers = { warm: 0, leaving: 0 }

  get draining(): boolean {
    return this.phase === 'draining'
  }

  /** Why the readiness probe fails; `undefined` if ready. */
  get whyNotReady(): string | undefined {
    if (this.phase === 'starting') return 'The model is warming up.'
    if (this.phase === 'draining') return 'The service is draining.'
    return this.workers.warm === 0 ? 'All workers are being replaced.' : undefined
  }

  /**
   * Why the liveness probe fails, if it does: a hung thread can't be ended, and keeps its core
   * busy.
   */
  get whyNotAlive(): string | undefined {
    const { warm, leaving } = this.workers
    return leaving > 0 && leaving >= warm ? 'Too many workers hang.' : undefined
  }
}
