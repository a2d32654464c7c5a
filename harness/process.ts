import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createConnection, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'

const ROOT = join(import.meta.dirname, '..')

export const RUNTIMES = ['bun', 'node'] as const

/** A model so small that a process with it is ready in half the time; its words break it: see make.py beside it. */
export const TINY_MODEL = join(ROOT, 'tests/fixtures/faulty-model')

type Runtime = (typeof RUNTIMES)[number]

/** The runtime that npm installed for this project, else the machine's own. */
export function runtimePath(runtime: Runtime): string {
  const local = join(ROOT, 'node_modules/.bin', runtime)
  return existsSync(local) ? local : runtime
}

const LogLine = z.looseObject({ msg: z.string() })
const Ready = z.object({ port: z.number(), internal_port: z.number(), start_seconds: z.number() })

/** The service as a real process, on free ports of the loopback. */
export class ServiceProcess {
  readonly #child: ChildProcess
  readonly #output: string[] = []
  readonly #exited: Promise<number | NodeJS.Signals>
  url = ''
  internalUrl = ''

  constructor(runtime: Runtime, env: Record<string, string> = {}, entry = `app/${runtime}.ts`) {
    this.#child = spawn(runtimePath(runtime), [entry], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: '0', INTERNAL_PORT: '0', ...env },
    })
    this.#exited = once(this.#child, 'close').then(([code, signal]) => code ?? signal)
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream) createInterface(stream).on('line', (line) => this.#output.push(line))
    }
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** Everything that the process has printed. */
  get output(): string {
    return this.#output.join('\n')
  }

  /** The lines of its log with one message. */
  logged(message: string) {
    const lines = this.#output.filter((line) => line.startsWith('{'))
    return lines.map((line) => LogLine.parse(JSON.parse(line))).filter(({ msg }) => msg === message)
  }

  /** Waits until it logs a message. Throws what it printed if it ends before that. */
  async waitFor(message: string): Promise<z.infer<typeof LogLine>> {
    let ended = false
    void this.#exited.then(() => {
      ended = true
    })
    for (;;) {
      const [line] = this.logged(message)
      if (line) return line
      if (ended) throw new Error(`Ended before it logged "${message}":\n${this.output}`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  async ready(): Promise<this> {
    const { port, internal_port } = Ready.parse(await this.waitFor('ready'))
    this.url = `http://127.0.0.1:${port}`
    this.internalUrl = `http://127.0.0.1:${internal_port}`
    return this
  }

  predict(text: readonly string[], signal?: AbortSignal): Promise<Response> {
    return fetch(`${this.url}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text }),
      ...(signal && { signal }),
    })
  }

  /** One sample of its metrics. */
  async metric(name: string): Promise<number> {
    const scrape = await (await fetch(`${this.internalUrl}/metrics`)).text()
    const line = scrape.split('\n').find((sample) => sample.startsWith(`${name} `))
    return Number(line?.split(' ').at(-1))
  }

  /** Scrapes until a sample satisfies a condition; gives up after a thousand scrapes. */
  async until(name: string, condition: (value: number) => boolean): Promise<void> {
    for (let i = 0; i < 1000; i++) {
      if (condition(await this.metric(name))) return
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    throw new Error(`${name} never came to what was waited for.`)
  }

  /** A connection that has sent these bytes and no more. */
  async connect(bytes: string): Promise<Socket> {
    const socket = createConnection({ port: Number(new URL(this.url).port), host: '127.0.0.1' })
    await once(socket, 'connect')
    if (bytes) await new Promise((resolve) => socket.write(bytes, resolve))
    return socket
  }

  /** From here on what it prints meets a closed pipe. */
  closeOutput(): void {
    this.#child.stdout?.destroy()
    this.#child.stderr?.destroy()
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name)
  }

  /** Its exit code, or the signal that ended it, once it has ended. */
  exit(): Promise<number | NodeJS.Signals> {
    return this.#exited
  }

  /** Ends it, if it still runs, and waits until it has. */
  async stop(): Promise<void> {
    if (this.#child.exitCode === null) this.#child.kill('SIGKILL')
    await this.#exited
  }
}
