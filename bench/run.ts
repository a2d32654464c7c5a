import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { RUNTIMES } from '../harness/process.ts'
import { findModel } from '../model/catalog.ts'
import { type ModelInfo, readModelInfo } from '../model/model-info.ts'
import { measureAnchor, SHAPE_NAMES } from './anchor.ts'
import { measureCached, measureMisses } from './cached.ts'
import { measureCapacity } from './capacity.ts'
import { measureEntries } from './entries.ts'
import { measureFiles } from './files.ts'
import { tableOf } from './gate.ts'
import { measureGates } from './gates.ts'
import { measureLengths } from './length.ts'
import { describeMachine } from './machine.ts'
import { measureMemory } from './memory.ts'
import { measureMetrics } from './metrics.ts'
import { measureFloods } from './overload.ts'
import { plotEntries, plotLengths, plotRequests, plotWorkers } from './plots.ts'
import { measurePublished } from './published.ts'
import { measureReference } from './reference.ts'
import { measureRequests } from './requests.ts'
import { measureStart } from './start.ts'
import { measureStreams } from './streaming.ts'
import { measureTail } from './tail.ts'
import { readTexts } from './texts.ts'
import { measureThroughput } from './throughput.ts'
import { measureTriton } from './triton.ts'

/**
 * DistilBERT in full size with random weights, as fast as trained ones; `reference/setup.sh`
 * creates it.
 */
const DISTILBERT = 'node_modules/.cache/distilbert-random'

/** Runs the benchmarks, prints the results and writes them to `results/`; see `bench/README.md`. */
const { values } = parseArgs({
  options: {
    texts: { type: 'string', default: '' },
    model: { type: 'string', multiple: true, default: ['sst2-minilm', DISTILBERT] },
    part: { type: 'string', multiple: true },
    minutes: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
    reference: { type: 'string', default: DISTILBERT },
    seconds: { type: 'string', default: '630' },
    rows: { type: 'string', default: '1000000' },
    runtime: { type: 'string', multiple: true, default: [...RUNTIMES] },
    workers: { type: 'string', multiple: true, default: ['1', '2'] },
  },
})

const RESULTS = join(import.meta.dirname, 'results')
mkdirSync(RESULTS, { recursive: true })

const rounds = Number(values.rounds)

const PARTS = {
  start: () => eachRuntime(measureStart),
  tail: () => eachRuntime((runtime) => measureTail(runtime, values.texts)),
  overload: () => eachRuntime(measureFloods),
  throughput: async () => drawn(plotWorkers, await eachModel(throughput)),
  cached: () => eachRuntime(measureCached),
  misses: () => eachRuntime((runtime) => measureMisses(runtime, readTexts(values.texts))),
  metrics: () => eachRuntime(measureMetrics),
  memory,
  length: async () => drawn(plotLengths, await eachModel(lengths)),
  requests: async () => drawn(plotRequests, await requests()),
  entries: async () => drawn(plotEntries, await measureEntries()),
  reference,
  anchor: () =>
    measureAnchor({ shapes: SHAPE_NAMES, rounds, seconds: 5, texts: readTexts(values.texts) }),
  triton: () => measureTriton(rounds, readTexts(values.texts)),
  capacity,
  published: () => measurePublished(RESULTS, Number(values.seconds)),
  gates,
  streaming: async () => measureStreams(await manyRows()),
  files: async () => measureFiles(await manyRows()),
}

/** The gates measure again what other parts measure, Triton is a download of 400 MB, and a million rows take half an hour on each runtime. */
const ON_REQUEST = ['gates', 'triton', 'streaming', 'files']

/** Printed after all results. */
let verdicts = ''

for (const [name, measure] of Object.entries(PARTS)) {
  if (values.part ? !values.part.includes(name) : ON_REQUEST.includes(name)) continue
  try {
    const result = { part: name, machine: describeMachine(), results: await measure() }
    const text = `${JSON.stringify(result, null, 2)}\n`
    writeFileSync(join(RESULTS, `${name}.json`), text)
    process.stdout.write(text)
  } catch (error) {
    // Other parts may still succeed.
    process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}
process.stdout.write(verdicts)

function drawn<T>(plot: (folder: string, results: T) => void, results: T): T {
  plot(RESULTS, results)
  return results
}

async function eachRuntime<T>(measure: (runtime: (typeof RUNTIMES)[number]) => Promise<T>) {
  const results: T[] = []
  for (const runtime of RUNTIMES) results.push(await measure(runtime))
  return results
}

/** Each model with one worker and with two. */
async function eachModel<T>(measure: (model: ModelInfo, workers: number) => Promise<T>) {
  const results: T[] = []
  for (const model of await openModels()) {
    for (const workers of [1, 2]) results.push(await measure(model, workers))
  }
  return results
}

/** Opens all models up front, so that a missing one fails before anything is measured. */
function openModels(): Promise<ModelInfo[]> {
  if (values.model.includes(DISTILBERT)) prepareReference()
  return Promise.all(values.model.map((name) => findModel(name).then(readModelInfo)))
}

/** Installs the reference stacks' packages and creates their model, unless present. */
function prepareReference(): void {
  execFileSync('bash', ['bench/reference/setup.sh'], { stdio: 'inherit' })
}

/** Work per measurement, relative to the bundled model, because larger models are slower. */
function sizeOf(model: ModelInfo): number {
  return model.id === 'sst2-minilm' ? 1 : 0.25
}

function throughput(model: ModelInfo, workers: number) {
  const textsPerRound = 4800 * sizeOf(model)
  const texts = readTexts(values.texts)
  return measureThroughput({ model, workers, rounds, textsPerRound, texts })
}

function lengths(model: ModelInfo, workers: number) {
  return measureLengths({ model, workers, rounds, tokens: 64_000 * sizeOf(model) })
}

async function requests() {
  const model = await readModelInfo(await findModel('sst2-minilm'))
  return measureRequests({ model, rounds, texts: readTexts(values.texts), textsPerRound: 5000 })
}

async function manyRows() {
  const model = await readModelInfo(await findModel('sst2-minilm'))
  return {
    model,
    rows: Number(values.rows),
    texts: readTexts(values.texts),
    runtimes: RUNTIMES.filter((runtime) => values.runtime.includes(runtime)),
    workers: values.workers.map(Number),
  }
}

async function capacity() {
  const texts = readTexts(values.texts)
  const results = []
  for (const model of await openModels()) results.push(await measureCapacity(model, texts))
  return results
}

function reference() {
  prepareReference()
  const [folder, texts] = [resolve(values.reference), readTexts(values.texts)]
  return measureReference({ folder, rounds, texts, seconds: 20 })
}

/** A missed goal fails the command; one that can't be measured here does not. */
async function gates() {
  const texts = readTexts(values.texts)
  const results = await measureGates({ rounds, textsFile: values.texts, texts })
  verdicts = tableOf(results.gates)
  if (results.gates.some(({ verdict }) => verdict === 'missed')) process.exitCode = 1
  return results
}

/** All at once, because memory is measured, not speed. */
function memory() {
  const minutes = Number(values.minutes)
  const settings = RUNTIMES.flatMap((runtime) => [1, 2].map((workers) => ({ runtime, workers })))
  return Promise.all(
    settings.map(({ runtime, workers }) =>
      measureMemory(runtime, { workers, minutes, textsFile: values.texts }),
    ),
  )
}
