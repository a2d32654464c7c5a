import { RUNTIMES, ServiceProcess } from '../harness/process.ts'
import type { ModelInfo } from '../model/model-info.ts'
import { rateOfCeiling } from './ceiling.ts'
import { nameOf } from './name.ts'
import { summarize } from './statistics.ts'
import { measureUncached, type Shared, shareOf, summarizeSamples } from './uncached.ts'

const TEXTS_PER_REQUEST = 64
const CONNECTIONS = 8

interface Setting {
  readonly model: ModelInfo
  readonly workers: number
  readonly rounds: number
  readonly textsPerRound: number
  readonly texts: readonly string[]
}

/**
 * Throughput of cache misses: the ceiling and each runtime over HTTP in turn, on the same texts,
 * once per round.
 */
export async function measureThroughput(setting: Setting) {
  const { model, workers, rounds, textsPerRound } = setting
  const ceilings: number[] = []
  const kept = RUNTIMES.map((runtime) => ({ runtime, samples: [] as Shared[] }))
  for (let round = 0; round < rounds; round++) {
    const from = round * textsPerRound
    const texts = setting.texts.slice(from, from + textsPerRound)
    const ceiling = await rateOfCeiling(model, workers, texts)
    ceilings.push(ceiling)
    for (const { runtime, samples } of kept) {
      const sample = await measureOverHttp(runtime, setting, texts)
      samples.push({ ...sample, ...shareOf(sample, { ceiling, workers }) })
    }
  }
  return {
    model: nameOf(model),
    workers,
    ceiling_texts_per_second: summarize(ceilings),
    runtimes: kept.map(({ runtime, samples }) => ({ runtime, ...summarizeSamples(samples) })),
  }
}

async function measureOverHttp(
  runtime: (typeof RUNTIMES)[number],
  { model, workers }: Setting,
  texts: readonly string[],
) {
  const env = { MODEL: model.folder, WORKERS: String(workers) }
  const service = await new ServiceProcess(runtime, env).ready()
  const sample = await measureUncached(service, {
    texts,
    warmUp: texts.map((text) => `${text} !`),
    textsPerRequest: TEXTS_PER_REQUEST,
    connections: CONNECTIONS,
  })
  await service.stop()
  return sample
}
