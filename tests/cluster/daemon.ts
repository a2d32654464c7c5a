import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { programOf } from './programs.ts'

const START_MS = 120_000
const PAUSE_MS = 100
const LOG_LINES = 20

/** A program of the control plane, with its log in a file. */
export class Daemon {
  readonly #child: ChildProcess
  readonly #name: string
  readonly #log: string

  /** Starts it; it need not be ready. */
  constructor(name: string, folder: string, options: readonly string[]) {
    this.#name = name
    this.#log = join(folder, `${name}.log`)
    const log = openSync(this.#log, 'w')
    this.#child = spawn(programOf(name), options, { cwd: folder, stdio: ['ignore', log, log] })
    closeSync(log)
    process.once('exit', this.#kill)
  }

  /** Resolves once the probe says so; throws the end of the log if the program ends before. */
  async ready(probe: () => Promise<boolean>): Promise<void> {
    const endsAt = performance.now() + START_MS
    while (performance.now() < endsAt && this.#child.exitCode === null) {
      if (await probe().catch(() => false)) return
      await sleep(PAUSE_MS)
    }
    const lines = readFileSync(this.#log, 'utf8').trimEnd().split('\n').slice(-LOG_LINES)
    throw new Error(`${this.#name} does not start:\n${lines.join('\n')}`)
  }

  async close(): Promise<void> {
    process.off('exit', this.#kill)
    if (this.#child.exitCode !== null) return
    const ended = once(this.#child, 'exit')
    // It has nothing worth saving.
    this.#kill()
    await ended
  }

  readonly #kill = (): void => void this.#child.kill('SIGKILL')
}
