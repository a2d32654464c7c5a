import { setTimeout as sleep } from 'node:timers/promises'
import type { Replica } from './replica.ts'

/** The probes of kustomize/base. */
const STARTUP_PERIOD_MS = 1000
const READINESS_PERIOD_MS = 2000
const READINESS_FAILURES = 2
const LOOK_MS = 50

/**
 * Kubernetes' part: who is ready, by asking. A cluster takes a pod that is being ended out of its
 * endpoints as soon as it is told to end it; here nobody says so, and it goes on getting traffic
 * until the probe has failed often enough: 2 to 4 seconds after the signal.
 */
export class Endpoints {
  readonly #publish: (ports: readonly number[]) => void
  readonly #ready = new Set<Replica>()
  #closed = false

  constructor(publish: (ports: readonly number[]) => void) {
    this.#publish = publish
  }

  /** Resolves once the replica is ready, and in. */
  async admit(replica: Replica): Promise<void> {
    while (!(await replica.isReady())) {
      if (replica.gone) throw new Error(`A replica did not start:\n${replica.output}`)
      await sleep(STARTUP_PERIOD_MS)
    }
    this.#change(() => this.#ready.add(replica))
    void this.#watch(replica)
  }

  /** Resolves once nobody is sent to the replica any more. */
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

  /** From here on nothing is published. */
  close(): void {
    this.#closed = true
  }

  #change(change: () => void): void {
    change()
    if (!this.#closed) this.#publish([...this.#ready].map(({ port }) => port))
  }
}
