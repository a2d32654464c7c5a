import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { LogEvent } from '../../app/telemetry/events.ts'

interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** podman's warning without systemd, printed by every command. */
const CHATTER = /systemd|cgroupfs|loginctl/

/** Never throws; a command that hangs counts as failed. */
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

/** The output of a command; throws its error output if it failed. */
export async function done(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await podman(...args)
  if (code !== 0) throw new Error(`podman ${args.join(' ')} ended with ${code}: ${stderr}`)
  return stdout
}

/** `podman inspect` of a container or an image, or a part of it. */
export async function inspect<T>(id: string, shape: z.ZodType<T>): Promise<T> {
  return z.tuple([shape]).parse(JSON.parse(await done('inspect', id)))[0]
}

/** As confined as in kustomize/base, with one CPU, and without a writable /tmp. */
const CONFINED = [
  ...['--read-only', '--read-only-tmpfs=false', '--cap-drop', 'ALL'],
  ...['--security-opt', 'no-new-privileges', '--memory', '700m', '--cpus', '1'],
]

let started = 0

/** A container whose id is written to a folder, so that the shell script always removes it. */
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
    // Only these tests run the health check.
    const quiet = ['--healthcheck-interval', 'disable', '--pull', 'never', '--cidfile', file]
    return new Container(
      await done('run', '--detach', ...quiet, ...CONFINED, ...options, image),
      runtime,
    )
  }

  /** The address of a published port. */
  async address(port: number): Promise<string> {
    return `http://${await done('port', this.id, String(port))}`
  }

  /** Runs JavaScript inside the container; the image has no shell. */
  evaluate(code: string, ...options: readonly string[]): Promise<string> {
    return done('exec', ...options, this.id, `/usr/local/bin/${this.runtime}`, '-e', code)
  }

  /** Runs the image's health check. */
  async isHealthy(): Promise<boolean> {
    return (await podman('healthcheck', 'run', this.id)).code === 0
  }

  async log(): Promise<string> {
    const { stdout, stderr } = await podman('logs', this.id)
    return `${stdout}\n${stderr}`
  }

  async hasLogged(event: LogEvent): Promise<boolean> {
    return (await this.log()).includes(`"event":"${event}"`)
  }

  /** Throws once it has exited, or after a few minutes; with emulation a start takes a minute. */
  async waitFor(event: LogEvent): Promise<this> {
    const until = performance.now() + 180_000
    for (let runs = true; runs && performance.now() < until; await sleep(100)) {
      runs = (await done('inspect', '--format', '{{.State.Running}}', this.id)) === 'true'
      if (await this.hasLogged(event)) return this
    }
    throw new Error(`it never logged "${event}":\n${await this.log()}`)
  }

  signal(name: string): Promise<string> {
    return done('kill', '--signal', name, this.id)
  }

  /** The exit code, once it has exited. */
  async exit(): Promise<number> {
    return Number(await done('wait', this.id))
  }

  async remove(): Promise<void> {
    await done('rm', '--force', '--time', '0', this.id)
  }
}
