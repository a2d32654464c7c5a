import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createConnection, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import type { LogEvent } from '../app/telemetry/events.ts'

const ROOT = join(import.meta.dirname, '..')

export const RUNTIMES = ['bun', 'node'] as const

export type Runtime = (typeof RUNTIMES)[number]

/** What glibc reads before a process starts, as in the image, `npm start` and the manifests. */
export const GLIBC_TUNABLES = process.env.GLIBC_TUNABLES ?? 'glibc.malloc.hugetlb=1'

/** What every process here is started with. */
export const BASE_ENV = { PATH: process.env.PATH, GLIBC_TUNABLES }

/** A model so small that a process with it is ready in half the time; its words break it: see make.py beside it. */
export const TINY_MODEL = join(ROOT, 'tests/fixtures/faulty-model')

/** The runtime in node_modules, else the one in PATH. */
export function runtimePath(runtime: Runtime): string {
  const local = join(ROOT, 'node_modules/.bin', runtime)
  return existsSync(local) ? local : runtime
}

interface Start {
  readonly env?: Record<string, string>
  readonly entry?: string
  readonly stdio?: StdioOptions
}

const ON_FREE_PORTS = { HOST: '127.0.0.1', PORT: '0', INTERNAL_PORT: '0' }

/** The service as a real process, whoever reads its log: what it can be asked, and what can be done to it. */
export class RunningService {
  protected readonly child: ChildProcess
  readonly #exited: Promise<number | NodeJS.Signals>
  url = ''
  internalUrl = ''
  /** Host and port of gRPC, if `GRPC_PORT` is set. */
  grpcTarget = ''

  constructor(runtime: Runtime, { env, entry = `app/${runtime}.ts`, stdio = 'pipe' }: Start) {
    this.child = spawn(runtimePath(runtime), [entry], {
      cwd: ROOT,
      env: { ...BASE_ENV, ...ON_FREE_PORTS, ...env },
      stdio,
    })
    this.#exited = once(this.child, 'exit').then(([code, signal]) => code ?? signal)
  }

  get pid(): number {
    return this.child.pid ?? 0
  }

  protected listensOn(port: number, internalPort: number): void {
    this.url = `http://127.0.0.1:${port}`
    this.internalUrl = `http://127.0.0.1:${internalPort}`
  }

  predict(text: readonly string[], signal?: AbortSignal): Promise<Response> {
    return fetch(`${this.url}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text }),
      ...(signal && { signal }),
    })
  }

  /** The current value of one series. */
  async metric(name: string): Promise<number> {
    const scrape = await (await fetch(`${this.internalUrl}/metrics`)).text()
    const line = scrape.split('\n').find((sample) => sample.startsWith(`${name} `))
    return Number(line?.split(' ').at(-1))
  }

  /** Scrapes until a series satisfies a condition; throws after a thousand scrapes. */
  async until(name: string, condition: (value: number) => boolean): Promise<void> {
    for (let i = 0; i < 1000; i++) {
      if (condition(await this.metric(name))) return
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    throw new Error(`${name} did not satisfy the condition in time.`)
  }

  /** A connection on which these bytes were sent. */
  async connect(bytes: string): Promise<Socket> {
    const socket = createConnection({ port: Number(new URL(this.url).port), host: '127.0.0.1' })
    await once(socket, 'connect')
    if (bytes) await new Promise((resolve) => socket.write(bytes, resolve))
    return socket
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name)
  }

  /** Resolves with the exit code or signal once the process has exited. */
  exit(): Promise<number | NodeJS.Signals> {
    return this.#exited
  }

  /** Kills the process, if it still runs, and waits until it has exited. */
  async stop(): Promise<void> {
    if (this.child.exitCode === null) this.child.kill('SIGKILL')
    await this.exit()
  }
}

const LogLine = z.looseObject({ event: z.string() })
const Ready = z.object({
  port: z.number(),
  internal_port: z.number(),
  grpc_port: z.number().optional(),
  start_seconds: z.number(),
})

/** The service as a real process, on free loopback ports; its log is read. */
export class ServiceProcess extends RunningService {
  readonly #output: string[] = []
  readonly #closed: Promise<unknown>

  constructor(runtime: Runtime, env: Record<string, string> = {}, entry = `app/${runtime}.ts`) {
    super(runtime, { env, entry })
    this.#closed = once(this.child, 'close')
    for (const stream of [this.child.stdout, this.child.stderr]) {
      if (stream) createInterface(stream).on('line', (line) => this.#output.push(line))
    }
  }

  /** All output of the process so far. */
  get output(): string {
    return this.#output.join('\n')
  }

  /** All log lines; throws if one has no `event`. */
  get log(): z.infer<typeof LogLine>[] {
    const lines = this.#output.filter((line) => line.startsWith('{'))
    return lines.map((line) => LogLine.parse(JSON.parse(line)))
  }

  /** The log lines of this event. */
  logged(event: LogEvent): z.infer<typeof LogLine>[] {
    return this.log.filter((line) => line.event === event)
  }

  /** Waits until an event is logged. Throws with the output if the process exits first. */
  async waitFor(event: LogEvent): Promise<z.infer<typeof LogLine>> {
    let ended = false
    void this.exit().then(() => {
      ended = true
    })
    for (;;) {
      const [line] = this.logged(event)
      if (line) return line
      if (ended) throw new Error(`Exited before it logged "${event}":\n${this.output}`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  async ready(): Promise<this> {
    const { port, internal_port, grpc_port } = Ready.parse(await this.waitFor('ready'))
    this.listensOn(port, internal_port)
    this.grpcTarget = `127.0.0.1:${grpc_port}`
    return this
  }

  /** Closes the pipes that the process writes its output to. */
  closeOutput(): void {
    this.child.stdout?.destroy()
    this.child.stderr?.destroy()
  }

  /** Resolves with the exit code or signal once the process has exited and all its output is read. */
  override async exit(): Promise<number | NodeJS.Signals> {
    await this.#closed
    return await super.exit()
  }
}
