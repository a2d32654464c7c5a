import { setTimeout as sleep } from 'node:timers/promises'
import type { Replica } from './replica.ts'

/** The probes of kustomize/base. */
const STARTUP_PERIOD_MS = 1000
const READINESS_PERIOD_MS = 2000
const READINESS_FAILURES = 2
const LOOK_MS = 50

/**
 * Kubernetes' role: endpoints by readiness probe. A cluster removes a terminating pod from its
 * endpoints at once; here it gets traffic until the probe has failed often enough, 2 to 4 seconds
 * after the signal, which is harder.
 */
export class Endpoints {
  readonly #publish: (ports: readonly number[]) => void
  readonly #ready = new Set<Replica>()
  #closed = false

  constructor(publish: (ports: readonly number[]) => void) {
    this.#publish = publish
  }

  /** Resolves once the replica is ready and in the endpoints. */
  async admit(replica: Replica): Promise<void> {
    while (!(await replica.isReady())) {
      if (replica.gone) throw new Error(`A replica did not start:\n${replica.output}`)
      await sleep(STARTUP_PERIOD_MS)
    }
    this.#change(() => this.#ready.add(replica))
    void this.#watch(replica)
  }

  /** Resolves once the replica is removed from the endpoints. */
  async forgotten(replica: Replica): Promise<void> {
    while (this.#ready.has(replica)) await sleep(LOOK_MS)
  }

  async #watch(replica: Replica): Promise<void> {
    for (let failures = 0; failures < READINESS_FAILURES; ) {
      await sleep(READINESS_PERIOD_MS)
      failures = (await replica.isReady()) ? 0 : failures + 1
    }
    this.#change(() => this.#ready.delete(replica))
  }

  /** Stops publishing endpoints. */
  close(): void {
    this.#closed = true
  }

  #change(change: () => void): void {
    change()
    if (!this.#closed) this.#publish([...this.#ready].map(({ port }) => port))
  }
}
