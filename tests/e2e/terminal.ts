import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

const ROOT = join(import.meta.dirname, '../..')

/** `script` of util-linux gives a command a terminal; those of other systems take other options. */
export const hasTerminal = (() => {
  const { stdout } = spawnSync('script', ['--version'], { encoding: 'utf8' })
  if (stdout?.includes('util-linux')) return true
  process.stderr.write('Tests on a terminal are skipped: apt-get install bsdutils\n')
  return false
})()

/** A command of a shell on a terminal, with somebody at its keys. */
export class Terminal {
  readonly #child: ChildProcess
  readonly #ended: Promise<unknown>
  #shown = ''

  constructor(command: string, env: Record<string, string>) {
    this.#child = spawn('script', ['--quiet', '--command', command, '/dev/null'], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, SHELL: '/bin/sh', ...env },
    })
    this.#ended = once(this.#child, 'close')
    this.#child.stdout?.on('data', (bytes) => {
      this.#shown += bytes
    })
  }

  /** What it shows, without colours. */
  get shown(): string {
    return stripVTControlCharacters(this.#shown).replaceAll('\r', '')
  }

  /** Waits until it shows something. Throws what it shows if it ends before that. */
  async waitFor(words: string): Promise<void> {
    let ended = false
    void this.#ended.then(() => {
      ended = true
    })
    while (!this.shown.includes(words)) {
      if (ended) throw new Error(`Ended before it showed "${words}":\n${this.shown}`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  pressCtrlC(): void {
    this.#child.stdin?.write('\u0003')
  }

  /** Resolves once the command has ended. */
  async end(): Promise<void> {
    await this.#ended
  }

  /** Ends it, if it still runs. */
  async stop(): Promise<void> {
    if (this.#child.exitCode === null) this.#child.kill('SIGTERM')
    await this.#ended
  }
}
