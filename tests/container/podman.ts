import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'

interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Without systemd, podman says with every command that it will keep no timers. */
const CHATTER = /systemd|cgroupfs|loginctl/

/** Never throws for what the command did; a command that hangs has failed. */
export function podman(...args: readonly string[]): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  const limits = { timeout: 60_000, maxBuffer: 64 * 1024 * 1024 }
  execFile('podman', args, limits, (error, stdout, stderr) => {
    const lines = stderr.split('\n').filter((line) => line && !CHATTER.test(line))
    const code = error ? Number(error.code ?? 255) : 0
    resolve({ code, stdout: stdout.trim(), stderr: lines.join('\n') })
  })
  return promise
}

/** What it printed; throws what it complained of, where it failed. */
export async function done(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await podman(...args)
  if (code !== 0) throw new Error(`podman ${args.join(' ')} ended with ${code}: ${stderr}`)
  return stdout
}

/** What is said of a container or an image, or a part of it. */
export async function inspect<T>(id: string, shape: z.ZodType<T>): Promise<T> {
  return z.tuple([shape]).parse(JSON.parse(await done('inspect', id)))[0]
}

/** As confined as in the cluster: kustomize/base, and one CPU. Without a /tmp to write to, either. */
const CONFINED = [
  ...['--read-only', '--read-only-tmpfs=false', '--cap-drop', 'ALL'],
  ...['--security-opt', 'no-new-privileges', '--memory', '700m', '--cpus', '1'],
]

let started = 0

/** A container whose id lies in a folder, for the shell that removes it whatever happens here. */
export class Container {
  readonly id: string
  readonly runtime: string

  constructor(id: string, runtime = '') {
    this.id = id
    this.runtime = runtime
  }

  static async start(
    { image, runtime, work }: { image: string; runtime: string; work: string },
    options: readonly string[] = [],
  ): Promise<Container> {
    const file = join(work, 'ids', String(++started))
    // Nothing asks for its health but these tests.
    const quiet = ['--healthcheck-interval', 'disable', '--pull', 'never', '--cidfile', file]
    return new Container(
      await done('run', '--detach', ...quiet, ...CONFINED, ...options, image),
      runtime,
    )
  }

  /** The address of a port of it that was published. */
  async address(port: number): Promise<string> {
    return `http://${await done('port', this.id, String(port))}`
  }

  /** A piece of JavaScript, run beside the service: nothing else in the image could look around. */
  evaluate(code: string, ...options: readonly string[]): Promise<string> {
    return done('exec', ...options, this.id, `/usr/local/bin/${this.runtime}`, '-e', code)
  }

  /** By the check that is part of the image. */
  async isHealthy(): Promise<boolean> {
    return (await podman('healthcheck', 'run', this.id)).code === 0
  }

  async log(): Promise<string> {
    const { stdout, stderr } = await podman('logs', this.id)
    return `${stdout}\n${stderr}`
  }

  async hasLogged(message: string): Promise<boolean> {
    return (await this.log()).includes(`"msg":"${message}"`)
  }

  /** Gives up once it has ended, or after a few minutes: an emulated one takes one to be ready. */
  async waitFor(message: string): Promise<this> {
    const until = performance.now() + 180_000
    for (let runs = true; runs && performance.now() < until; await sleep(100)) {
      runs = (await done('inspect', '--format', '{{.State.Running}}', this.id)) === 'true'
      if (await this.hasLogged(message)) return this
    }
    throw new Error(`it never logged "${message}":\n${await this.log()}`)
  }

  signal(name: string): Promise<string> {
    return done('kill', '--signal', name, this.id)
  }

  /** Its exit code, once it has ended. */
  async exit(): Promise<number> {
    return Number(await done('wait', this.id))
  }

  async remove(): Promise<void> {
    await done('rm', '--force', '--time', '0', this.id)
  }
}
