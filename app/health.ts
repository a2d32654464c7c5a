type Phase = 'starting' | 'serving' | 'draining'

/** Worker threads: `warm` ones take batches; `leaving` ones hung or failed, and have not ended yet. */
interface Workers {
  readonly warm: number
  readonly leaving: number
}

/** What the probes ask: whether to send this process traffic (readiness), and whether to keep it (liveness). */
export class Health {
  phase: Phase = 'starting'
  workers: Workers = { warm: 0, leaving: 0 }

  get draining(): boolean {
    return this.phase === 'draining'
  }

  /** Why traffic should go elsewhere, if it should. */
  get whyNotReady(): string | undefined {
    if (this.phase === 'starting') return 'The model is not warm yet.'
    if (this.phase === 'draining') return 'The service is draining.'
    return this.workers.warm === 0 ? 'Every worker is being replaced.' : undefined
  }

  /** Why the process should be restarted, if it should: a thread that hangs keeps its core for good. */
  get whyNotAlive(): string | undefined {
    const { warm, leaving } = this.workers
    return leaving > 0 && leaving >= warm ? 'Workers hang, and hold their cores.' : undefined
  }
}
