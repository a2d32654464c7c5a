import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../harness/free-port.ts'
import { GLIBC_TUNABLES } from '../harness/process.ts'

const ROOT = join(import.meta.dirname, '..')
const FOLDER = join(import.meta.dirname, 'triton')
const PATIENCE_MS = 60_000

/** Triton Inference Server with our model, on a free loopback port. */
export class TritonProcess {
  readonly v2Path = '/v2/models/sentiment/infer'
  readonly url: string
  readonly #child: ChildProcess
  readonly #exited: Promise<unknown>

  private constructor(port: number) {
    this.url = `http://127.0.0.1:${port}`
    const env = {
      PATH: '/usr/bin:/bin',
      GLIBC_TUNABLES,
      MODEL: join(ROOT, 'model/sst2-minilm'),
      PORT: String(port),
    }
    // A process group of its own: each instance of the model is a process that must end with it.
    const options: SpawnOptions = { env, detached: true, stdio: ['ignore', 'ignore', 'inherit'] }
    this.#child = spawn(join(FOLDER, 'start.sh'), options)
    this.#exited = once(this.#child, 'exit')
  }

  /** Installs it first, which takes a download of 400 MB. Throws if it does not start. */
  static async open(): Promise<TritonProcess> {
    execFileSync('bash', [join(FOLDER, 'setup.sh')], { stdio: 'inherit' })
    const triton = new TritonProcess(await freePort())
    const until = performance.now() + PATIENCE_MS
    while (performance.now() < until && triton.#child.exitCode === null) {
      const answer = await fetch(`${triton.url}/v2/health/ready`).catch(() => undefined)
      if (answer?.ok) return triton
      await sleep(50)
    }
    await triton.stop()
    throw new Error('Triton did not start: bench/triton/README.md says what it needs.')
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  async stop(): Promise<void> {
    process.kill(-this.pid, 'SIGTERM')
    const ended = await Promise.race([this.#exited, sleep(5000)])
    if (ended === undefined) process.kill(-this.pid, 'SIGKILL')
    await this.#exited
  }
}
