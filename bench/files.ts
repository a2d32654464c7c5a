import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { stringify } from 'csv-stringify/sync'
import { z } from 'zod'
import { BASE_ENV, type Runtime, runtimePath } from '../harness/process.ts'
import type { ModelInfo } from '../model/model-info.ts'
import { buildPackage } from '../scripts/pack/build.ts'
import { BUILDS } from '../scripts/pack/manifest.ts'
import { rateOfCeiling } from './ceiling.ts'
import { peakMegabytes } from './resident.ts'
import { distinctTexts } from './texts.ts'

interface Setting {
  readonly file: string
  readonly command: Command
  readonly model: ModelInfo
  readonly rows: number
  readonly texts: readonly string[]
  readonly runtime: Runtime
  readonly workers: number
}

interface Settings extends Pick<Setting, 'model' | 'rows' | 'texts'> {
  readonly runtimes: readonly Runtime[]
  readonly workers: readonly number[]
}

/** Rows whose ceiling is measured, before and after the file. */
const CEILING_ROWS = 24_000
const SAMPLE_MS = 500

const Summary = z.object({ rows: z.number(), classified: z.number(), seconds: z.number() })

/**
 * `polarity classify` of one CSV file of distinct texts, by the package that people install: on each of
 * the runtimes, with each number of workers.
 */
export async function measureFiles({ runtimes, workers, ...rest }: Settings) {
  const folder = await mkdtemp(join(tmpdir(), 'bench-files-'))
  const file = join(folder, 'in.csv')
  await pipeline(recordsOf(rest), createWriteStream(file))
  const command = buildCommand(join(folder, 'package'))
  try {
    const results = []
    for (const runtime of runtimes) {
      for (const count of workers) {
        results.push(await measureFile({ ...rest, file, command, runtime, workers: count }))
      }
    }
    return results
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** How people start the package, by its first line, on one of the runtimes. */
interface Command {
  readonly env: Readonly<Record<string, string>>
  /** Of the runtime, the file being the last one. */
  readonly args: readonly string[]
}

function buildCommand(folder: string): Command {
  const here = `${process.platform}-${process.arch}`
  buildPackage(
    folder,
    BUILDS.filter((build) => build === here),
  )
  const file = join(folder, 'bin/polarity.js')
  const [, name = '', value = '', options = ''] =
    /^#!\S+ -S (\w+)=(\w+) node (.*)/.exec(readFileSync(file, 'utf8')) ?? []
  return { env: { [name]: value }, args: [...options.split(' '), file] }
}

function* recordsOf({ rows, texts }: Pick<Setting, 'rows' | 'texts'>): Generator<string> {
  yield 'id,text\n'
  let id = 0
  for (const text of distinctTexts(texts, rows, 100)) yield stringify([[String(id++), text]])
}

/**
 * Rows per second and their share of the ceiling of as many sessions, without the start of the process;
 * and the most memory that it had.
 */
async function measureFile(setting: Setting) {
  const { model, rows, texts, runtime, workers } = setting
  const ceilingOf = (round: number) =>
    rateOfCeiling(model, workers, [...distinctTexts(texts, CEILING_ROWS, round)])
  const before = await ceilingOf(1)
  const { seconds, ...run } = await classify(setting)
  const ceiling = (before + (await ceilingOf(3))) / 2
  const rows_per_second = rows / seconds
  return {
    ...{ runtime, workers, rows, rows_per_second, ceiling_rows_per_second: ceiling },
    share_of_ceiling: rows_per_second / ceiling,
    ...run,
  }
}

async function classify({ file, command, model, rows, runtime, workers }: Setting) {
  const [out, summary] = [`${file}.out`, `${file}.summary.json`]
  const options = ['--model', model.folder, '--workers', String(workers)]
  const startedAt = performance.now()
  const child = spawn(
    runtimePath(runtime),
    [...command.args, 'classify', file, '--out', out, '--summary', summary, ...options],
    // What a service sets for its memory, a shell does not.
    { env: { PATH: BASE_ENV.PATH, ...command.env }, stdio: 'ignore' },
  )
  const exited = once(child, 'exit')
  let peak = 0
  while (child.exitCode === null && child.signalCode === null) {
    peak = peakMegabytes(child.pid ?? 0) || peak
    await Promise.race([exited, sleep(SAMPLE_MS)])
  }
  const { classified, seconds } = Summary.parse(JSON.parse(await readFile(summary, 'utf8')))
  if (classified !== rows) throw new Error(`${rows - classified} rows were not classified.`)
  return {
    seconds,
    seconds_of_process: (performance.now() - startedAt) / 1000,
    peak_megabytes: Math.round(peak),
  }
}
