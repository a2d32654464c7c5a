import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { GLIBC_TUNABLES } from '../harness/process.ts'

const ROOT = join(import.meta.dirname, '..')
const BINARIES = join(ROOT, 'node_modules/.cache/anchors/release')

export const LOAD_GENERATOR = join(BINARIES, 'anchor-load')

/** Builds the anchor and its load generator; prints what to install and throws if it can't. */
export function buildAnchors(): void {
  execFileSync('bash', [join(ROOT, 'scripts/build-anchors.sh')], { stdio: 'inherit' })
}

/** The server of `anchors/` on a free loopback port, with our model and our onnxruntime. */
export class AnchorProcess {
  readonly #child: ChildProcess
  readonly #exited: Promise<unknown>
  readonly url: string

  private constructor(child: ChildProcess, port: string) {
    this.#child = child
    this.#exited = once(child, 'exit')
    this.url = `http://127.0.0.1:${port}`
  }

  /** Resolves once its sessions are warm. */
  static async open(workers: number): Promise<AnchorProcess> {
    const child = spawn(join(BINARIES, 'anchor-server'), {
      env: {
        MODEL: join(ROOT, 'model/sst2-minilm'),
        WORKERS: String(workers),
        GLIBC_TUNABLES,
        ORT_DYLIB_PATH: onnxruntime(),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    for await (const port of createInterface(child.stdout)) return new AnchorProcess(child, port)
    throw new Error('The anchor ended before it printed its port.')
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#exited
  }
}

/** The library that the service itself loads. */
function onnxruntime(): string {
  const pattern = `node_modules/onnxruntime-node/bin/napi-v*/linux/${process.arch}/libonnxruntime.so.*`
  const [file] = globSync(pattern, { cwd: ROOT })
  if (!file) throw new Error(`There is no ${pattern}.`)
  return join(ROOT, file)
}
