import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'

export const hasRedis = (() => {
  try {
    execFileSync('redis-server', ['--version'])
    return true
  } catch {
    process.stderr.write('Tests with Redis are skipped: apt-get install redis-server\n')
    return false
  }
})()

/** A real Redis on a free port of the loopback, without persistence. */
export class RedisServer {
  readonly port: number
  #child: ChildProcess | undefined

  readonly #settings: readonly string[]

  private constructor(port: number, settings: readonly string[]) {
    this.port = port
    this.#settings = settings
  }

  static async start(settings: readonly string[] = []): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), settings)
    await server.start()
    return server
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  /** Starts it, or starts it again. */
  async start(): Promise<void> {
    const settings = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', ...this.#settings]
    this.#child = spawn('redis-server', ['--port', String(this.port), ...settings])
    if (!this.#child.stdout) throw new Error('redis-server has no output to wait for.')
    for await (const line of createInterface(this.#child.stdout)) {
      if (line.includes('Ready to accept connections')) return
    }
    throw new Error('redis-server did not start.')
  }

  async stop(): Promise<void> {
    const child = this.#child
    if (!child || child.exitCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  if (typeof address !== 'object' || !address) throw new Error('No port.')
  return address.port
}
