import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'

export const hasRedis = (() => {
  try {
    execFileSync('redis-server', ['--version'])
    return true
  } catch {
    process.stderr.write('Tests with Redis are skipped: apt-get install redis-server\n')
    return false
  }
})()

/** A real Redis on a free loopback port, without persistence, in a temporary folder. */
export class RedisServer {
  readonly port: number
  readonly folder = mkdtempSync(join(tmpdir(), 'redis-'))
  readonly #settings: readonly string[]
  #child: ChildProcess | undefined

  private constructor(port: number, settings: readonly string[]) {
    this.port = port
    this.#settings = settings
  }

  static async start(settings: readonly string[] = []): Promise<RedisServer> {
    // Its default is 10,000 more, which may be an outgoing connection's.
    const busPort = String(await freePort())
    const server = new RedisServer(await freePort(), ['--cluster-port', busPort, ...settings])
    await server.start()
    return server
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  get socket(): string {
    return join(this.folder, 'redis.sock')
  }

  /** Starts or restarts Redis. */
  async start(): Promise<void> {
    const common = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', this.folder]
    const settings = ['--unixsocket', this.socket, ...common, ...this.#settings]
    const child = spawn('redis-server', ['--port', String(this.port), ...settings])
    this.#child = child
    const ready = Promise.withResolvers<void>()
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += String(chunk)
      if (output.includes('Ready to accept connections')) ready.resolve()
    })
    child.once('exit', () => ready.reject(new Error(`redis-server did not start:\n${output}`)))
    await ready.promise
  }

  /** Suspends or resumes Redis. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(name)
  }

  async stop(): Promise<void> {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }

  /** Stops Redis and deletes its folder. */
  async close(): Promise<void> {
    await this.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
