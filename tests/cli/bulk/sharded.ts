import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { classifyInput } from '../../../cli/bulk/classify-input.ts'
import type { ClassifyOptions } from '../../../cli/bulk/classify-options.ts'
import { classifyShard } from '../../../cli/bulk/classify-shard.ts'
import { joinShards } from '../../../cli/bulk/join-shards.ts'
import { rejection } from '../../rejection.ts'
import { fakePredictor } from './fake-predictor.ts'
import { inFolder, OPTIONS } from './run.ts'

const ABOUT = {
  model: { id: 'fake', source: 'tests', version: null, license: null, digest: 'fake' },
  options: {},
}

/** One file, which is classified whole and by shards. */
export class Sharded {
  readonly file: string
  readonly out: string
  readonly rejected: string
  readonly whole: string
  readonly #options: Partial<ClassifyOptions>

  /** `apart`: whether rejected rows go to a file of their own. */
  constructor(folder: string, name: string, apart: boolean) {
    this.file = join(folder, name)
    this.out = join(folder, 'out')
    this.rejected = join(folder, 'rejects')
    this.whole = join(folder, 'whole')
    this.#options = apart ? { rejectsFile: this.rejected } : {}
  }

  shard(index: number, of: number, options: Partial<ClassifyOptions> = {}) {
    const all = { ...OPTIONS, out: this.out, ...this.#options, resume: true, ...options }
    return classifyShard(this.file, { ...all, shard: { index, of }, about: ABOUT }, fakePredictor())
  }

  join() {
    return joinShards(this.out, this.#options.rejectsFile)
  }

  /** Into files of their own. */
  classifyWhole(options: Partial<ClassifyOptions> = {}) {
    const rejectsFile = this.#options.rejectsFile && `${this.whole}.rejects`
    const all = { ...OPTIONS, out: this.whole, rejectsFile, ...options }
    return classifyInput(this.file, all, fakePredictor())
  }
}

/** Does something with a table of so many rows, in a folder of its own. */
export const withRows = (rows: number, use: (work: Sharded, folder: string) => Promise<void>) =>
  inFolder(async (folder) => {
    await writeFile(join(folder, 'in.csv'), `id,text\n${'7,love\n'.repeat(rows)}`)
    await use(new Sharded(folder, 'in.csv', false), folder)
  })

export const messageOf = async (promise: Promise<unknown>) => String(await rejection(promise))
