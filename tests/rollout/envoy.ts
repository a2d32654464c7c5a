import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../harness/free-port.ts'
import { toConfig, toEndpoints } from './envoy-config.ts'

const START_MS = 20_000

export const canRun = (binary: string) => spawnSync(binary, ['--version']).status === 0

interface Options {
  readonly binary: string
  /** 0: each request is sent once. */
  readonly retries: number
}

/** A real Envoy on free loopback ports, with endpoint discovery as in the mesh. */
export class Envoy {
  readonly #child: ChildProcess
  readonly #folder: string
  readonly #adminUrl: string
  readonly url: string

  private constructor(child: ChildProcess, folder: string, ports: [number, number]) {
    this.#child = child
    this.#folder = folder
    this.url = `http://127.0.0.1:${ports[0]}`
    this.#adminUrl = `http://127.0.0.1:${ports[1]}`
  }

  /** Resolves once it listens. */
  static async start({ binary, retries }: Options): Promise<Envoy> {
    const [port, adminPort] = [await freePort(), await freePort()]
    const folder = mkdtempSync(join(tmpdir(), 'envoy-'))
    const paths = { port, adminPort, endpoints: join(folder, 'endpoints.json') }
    const config = join(folder, 'envoy.json')
    writeFileSync(paths.endpoints, JSON.stringify(toEndpoints([])))
    writeFileSync(config, JSON.stringify(toConfig(paths, retries)))
    const log = ['--log-path', join(folder, 'log'), '--log-level', 'warning']
    const options = ['--config-path', config, '--concurrency', '2', '--disable-hot-restart', ...log]
    const child = spawn(binary, options, { stdio: 'ignore' })
    const envoy = new Envoy(child, folder, [port, adminPort])
    await envoy.#listening()
    return envoy
  }

  async #listening(): Promise<void> {
    const endsAt = performance.now() + START_MS
    while (performance.now() < endsAt && this.#child.exitCode === null) {
      const response = await fetch(`${this.#adminUrl}/ready`).catch(() => undefined)
      if (response?.ok) return
      await sleep(50)
    }
    const log = readFileSync(join(this.#folder, 'log'), 'utf8')
    await this.close()
    throw new Error(`Envoy does not start:\n${log}`)
  }

  /** Sets the ports that get traffic; requests in flight on others are finished. */
  publish(ports: readonly number[]): void {
    const next = join(this.#folder, 'next.json')
    writeFileSync(next, JSON.stringify(toEndpoints(ports)))
    // Renamed into place, because Envoy reads on rename, and so never a partial file.
    renameSync(next, join(this.#folder, 'endpoints.json'))
  }

  /** One of its counters about the pods, such as `upstream_rq_retry`. */
  async counter(name: string): Promise<number> {
    const stats = await (await fetch(`${this.#adminUrl}/stats?filter=${name}$`)).text()
    const line = stats.split('\n').find((stat) => stat.startsWith(`cluster.polarity.${name}: `))
    return Number(line?.split(' ').at(-1))
  }

  async close(): Promise<void> {
    if (this.#child.exitCode === null) {
      this.#child.kill('SIGKILL')
      await once(this.#child, 'close')
    }
    rmSync(this.#folder, { recursive: true })
  }
}
