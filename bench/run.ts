import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { findModel } from '../model/catalog.ts'
import { loadModel } from '../model/load.ts'
import { RUNTIMES } from '../tests/e2e/process.ts'
import { measureCached, measureMisses } from './cached.ts'
import { measureMemory } from './memory.ts'
import { measureMetrics } from './metrics.ts'
import { measureStart } from './start.ts'
import { measureTail } from './tail.ts'
import { readTexts } from './texts.ts'
import { measureThroughput } from './throughput.ts'

/** Measures the engine and prints each figure beside its goal; `bench/README.md` says how. */
const { values } = parseArgs({
  options: {
    texts: { type: 'string', default: '../shared/data/sst2/train.tsv' },
    model: { type: 'string', multiple: true, default: ['sst2-minilm'] },
    part: { type: 'string', multiple: true },
    minutes: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
  },
})

const PARTS = {
  start: () => eachRuntime(measureStart),
  tail: () => eachRuntime((runtime) => measureTail(runtime, values.texts)),
  throughput,
  cached: () => eachRuntime(measureCached),
  misses: () => eachRuntime((runtime) => measureMisses(runtime, readTexts(values.texts))),
  metrics: () => eachRuntime(measureMetrics),
  memory,
}

const RESULTS = join(import.meta.dirname, 'results')
mkdirSync(RESULTS, { recursive: true })
for (const [name, measure] of Object.entries(PARTS)) {
  if (values.part && !values.part.includes(name)) continue
  try {
    const result = { part: name, machine: describeMachine(), results: await measure() }
    const text = `${JSON.stringify(result, null, 2)}\n`
    writeFileSync(join(RESULTS, `${name}.json`), text)
    process.stdout.write(text)
  } catch (error) {
    // The other parts may not need what this one lacks.
    process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}

async function eachRuntime<T>(measure: (runtime: (typeof RUNTIMES)[number]) => Promise<T>) {
  const results: T[] = []
  for (const runtime of RUNTIMES) results.push(await measure(runtime))
  return results
}

async function throughput() {
  const texts = readTexts(values.texts)
  const results = []
  for (const name of values.model) {
    const model = await loadModel(await findModel(name))
    const textsPerRound = model.id === 'sst2-minilm' ? 4000 : 1200
    for (const workers of [1, 2]) {
      const rounds = Number(values.rounds)
      results.push(await measureThroughput({ model, workers, rounds, textsPerRound, texts }))
    }
  }
  return results
}

/** All at once: it is memory that is measured, not speed. */
function memory() {
  const minutes = Number(values.minutes)
  const settings = RUNTIMES.flatMap((runtime) => [1, 2].map((workers) => ({ runtime, workers })))
  return Promise.all(
    settings.map(({ runtime, workers }) =>
      measureMemory(runtime, { workers, minutes, textsFile: values.texts }),
    ),
  )
}

function describeMachine() {
  const [cpu] = cpus()
  return { cpu: cpu?.model, cores: cpus().length, node: process.version, date: new Date() }
}
