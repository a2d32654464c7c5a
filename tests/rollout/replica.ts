import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../harness/free-port.ts'
import { type RUNTIMES, ServiceProcess } from '../../harness/process.ts'

export type Runtime = (typeof RUNTIMES)[number]

/** The grace period of kustomize/base without preStop; then the kubelet kills the process. */
const GRACE_MS = 40_000
const PROBE_TIMEOUT_MS = 2000

export interface End {
  readonly code: number | NodeJS.Signals
  /** Seconds from SIGTERM to exit. */
  readonly seconds: number
  /** Texts run through its model, which shows that it had traffic. */
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

  /** Resolves at once; readiness is detected by the probe. */
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

  /** Sends SIGTERM while the replica is still in the endpoints. */
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

  /** Kills it, at the end of the program. */
  kill(): Promise<void> {
    return this.#process.stop()
  }
}
