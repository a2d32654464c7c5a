import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CatalogEntry } from '../../model/catalog.ts'
import { type Pulled, pull } from '../../model/pull.ts'
import { COMMIT, FakeHub } from './fake-hub.ts'

const CONFIG = JSON.stringify({ id2label: { 0: 'NEGATIVE', 1: 'POSITIVE' } })
export const WEIGHTS = Buffer.alloc(100, 'weights ')
export const FILES = {
  'config.json': Buffer.from(CONFIG),
  'tokenizer.json': Buffer.from('{}'),
  'w.bin': WEIGHTS,
}

const wanted: NonNullable<CatalogEntry['pull']> = {
  files: ['config.json', 'tokenizer.json'],
  weights: ['w.safetensors', 'w.bin'],
  locked: null,
  known: {},
}

export const entry: CatalogEntry = {
  repository: 'owner/model',
  version: null,
  revision: null,
  license: 'Apache-2.0',
  labels: ['NEGATIVE', 'POSITIVE'],
  maxTokens: 512,
  dtype: 'q8',
  folder: 'model',
  files: null,
  digest: null,
  pull: wanted,
}

/** The entry, with something else to pull. */
export const entryWith = (changes: Partial<typeof wanted>): CatalogEntry => ({
  ...entry,
  pull: { ...wanted, ...changes },
})

/** A hub, a folder to pull into, and the output of a pull. */
export class Pulling {
  readonly hub: FakeHub
  readonly lines: string[] = []
  readonly #room: string

  private constructor(hub: FakeHub, room: string) {
    this.hub = hub
    this.#room = room
  }

  static async open(files: Record<string, Buffer> = FILES): Promise<Pulling> {
    return new Pulling(await FakeHub.start(files), await mkdtemp(join(tmpdir(), 'pull-')))
  }

  get target(): string {
    return join(this.#room, 'model')
  }

  /** Staging folder of partial downloads. */
  get partial(): string {
    return `${this.target}.${COMMIT.slice(0, 12)}.partial`
  }

  run(from: CatalogEntry = entry, token?: string): Promise<Pulled> {
    return pull(from, {
      target: this.target,
      hub: { url: this.hub.url, token, retryMs: 1 },
      startProgress: () => ({ report() {}, stop() {} }),
      say: (line) => this.lines.push(line),
    })
  }

  /** The message that a pull fails with; asserts that no file is in place. */
  async failure(from?: CatalogEntry): Promise<string> {
    const message = await this.run(from).then(
      () => 'it worked',
      (error: Error) => `${error.name}: ${error.message}`,
    )
    return existsSync(this.target) ? `in place, though ${message}` : message
  }

  async close(): Promise<void> {
    await this.hub.stop()
    await rm(this.#room, { recursive: true })
  }
}
