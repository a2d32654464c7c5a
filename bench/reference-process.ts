import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../harness/free-port.ts'
import { GLIBC_TUNABLES } from '../harness/process.ts'

const START = join(import.meta.dirname, 'reference/start.sh')
const PATIENCE_MS = 120_000

/** One of the stacks in `reference/`, on a free loopback port. */
export class ReferenceProcess {
  readonly url: string
  readonly pid: number
  readonly #ended: Promise<unknown>

  private constructor(stack: string, env: Record<string, string>) {
    this.url = `http://127.0.0.1:${env.PORT}`
    // A process group of its own: LitServe starts child processes that must end with it.
    const child = spawn(START, [stack], { env, detached: true, stdio: 'ignore' })
    this.pid = child.pid ?? 0
    this.#ended = once(child, 'exit')
  }

  static open(stack: string) {
    return async (folder: string, redisUrl: string): Promise<ReferenceProcess> => {
      const env = { PATH: '/usr/bin:/bin', MODEL: folder, REDIS_URL: redisUrl, GLIBC_TUNABLES }
      const process = new ReferenceProcess(stack, { ...env, PORT: String(await freePort()) })
      await process.#healthy(stack)
      return process
    }
  }

  async #healthy(stack: string): Promise<void> {
    let ended = false
    void this.#ended.then(() => {
      ended = true
    })
    const until = performance.now() + PATIENCE_MS
    while (performance.now() < until && !ended) {
      const answer = await fetch(`${this.url}/health`).catch(() => undefined)
      if (answer?.ok) return
      await sleep(20)
    }
    await this.stop()
    throw new Error(`${stack} did not start: bench/reference/README.md says what it needs`)
  }

  async stop(): Promise<void> {
    try {
      process.kill(-this.pid, 'SIGKILL')
    } catch {
      // It has already exited.
    }
    await this.#ended
  }
}
