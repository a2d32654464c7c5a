import { setTimeout as sleep } from 'node:timers/promises'
import { type RUNTIMES, ServiceProcess } from '../../harness/process.ts'
import { freePort } from '../../harness/redis-server.ts'

export type Runtime = (typeof RUNTIMES)[number]

/** As in kustomize/base, less what preStop takes there; then the kubelet ends what still runs. */
const GRACE_MS = 40_000
const PROBE_TIMEOUT_MS = 2000

export interface End {
  readonly code: number | NodeJS.Signals
  /** From SIGTERM on. */
  readonly seconds: number
  /** Texts that it answered by its model: it had its share of the traffic. */
  readonly texts: number
}

/** One pod: a process on ports of its own, ended as Kubernetes ends it. */
export class Replica {
  readonly port: number
  readonly #process: ServiceProcess
  gone = false

  private constructor(process: ServiceProcess, port: number) {
    this.#process = process
    this.port = port
    void process.exit().then(() => {
      this.gone = true
    })
  }

  /** Resolves at once: whether it is ready is for the probe to find out. */
  static async start(runtime: Runtime, env: Record<string, string>): Promise<Replica> {
    const [port, internalPort] = [await freePort(), await freePort()]
    const ports = { PORT: `${port}`, INTERNAL_PORT: `${internalPort}` }
    const process = new ServiceProcess(runtime, { ...env, ...ports, WORKERS: '1' })
    process.internalUrl = `http://127.0.0.1:${internalPort}`
    return new Replica(process, port)
  }

  /** The kubelet's probe. */
  async isReady(): Promise<boolean> {
    if (this.gone) return false
    try {
      const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS)
      const response = await fetch(`${this.#process.internalUrl}/readyz`, { signal })
      await response.arrayBuffer()
      return response.ok
    } catch {
      return false
    }
  }

  get output(): string {
    return this.#process.output
  }

  /** SIGTERM comes without a warning: nobody has taken it out of the endpoints before. */
  async end(): Promise<End> {
    const texts = await this.#process.metric('polarity_texts_total{source="model"}')
    const startedAt = performance.now()
    this.#process.signal('SIGTERM')
    const abort = new AbortController()
    const tooLate = sleep(GRACE_MS, undefined, { signal: abort.signal }).then(
      () => this.#process.signal('SIGKILL'),
      () => undefined,
    )
    const code = await this.#process.exit()
    abort.abort()
    await tooLate
    return { code, seconds: (performance.now() - startedAt) / 1000, texts }
  }

  /** At once, for the end of the program. */
  kill(): Promise<void> {
    return this.#process.stop()
  }
}
