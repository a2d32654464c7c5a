import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { classifyInput } from '../../../cli/bulk/classify-input.ts'
import type { ClassifyOptions } from '../../../cli/bulk/classify-options.ts'
import type { Result } from '../../../cli/bulk/input-run.ts'
import type { Predictor } from '../../../cli/bulk/predictor.ts'
import { fakePredictor } from './fake-predictor.ts'

interface Run extends Partial<ClassifyOptions> {
  /** With its ending, which says the format. */
  readonly name: string
  readonly bytes: string | Uint8Array
  readonly predictor?: Predictor
}

export const OPTIONS: Omit<ClassifyOptions, 'out'> = {
  maxChars: 20_000,
  prefix: '',
  safeCells: false,
  resume: false,
  by: [],
  showRows: false,
  startedAt: '2026-03-05T17:04:00.000Z',
  signal: new AbortController().signal,
  onProgress() {},
}

/** Runs `work` with an empty folder, which is gone afterwards. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'bulk-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Classifies a file of these bytes. Resolves with the output and the result. */
export function classifyBytes({ name, bytes, predictor = fakePredictor(), ...options }: Run) {
  return inFolder(async (folder): Promise<Result & { output: string; rejected: string }> => {
    const file = join(folder, name)
    await writeFile(file, bytes)
    const out = join(folder, 'out')
    const rejectsFile = options.rejectsFile && join(folder, options.rejectsFile)
    const result = await classifyInput(
      file,
      { ...OPTIONS, out, ...options, rejectsFile },
      predictor,
    )
    const rejected = rejectsFile ? await readFile(rejectsFile, 'utf8') : ''
    return { ...result, output: await readFile(out, 'utf8'), rejected }
  })
}
