import { RUNTIMES, ServiceProcess } from '../harness/process.ts'
import type { ModelInfo } from '../model/model-info.ts'
import { rateOfCeiling } from './ceiling.ts'
import { nameOf } from './name.ts'
import { summarize } from './statistics.ts'
import { measureUncached, type Sample, type Shared, shareOf, summarizeSamples } from './uncached.ts'

/** Texts per request and concurrent connections; one of the two grows. */
const GROWING = {
  texts_per_request: [1, 10, 100, 1000].map((n) => ({ textsPerRequest: n, connections: 8 })),
  connections: [1, 8, 32, 128, 500].map((n) => ({ textsPerRequest: 10, connections: n })),
}
const WORKERS = 2

interface Setting {
  readonly model: ModelInfo
  readonly rounds: number
  readonly texts: readonly string[]
  readonly textsPerRound: number
}

/** Cache misses over HTTP, by texts per request and by connections, compared to the ceiling. */
export async function measureRequests(setting: Setting) {
  const settings = Object.entries(GROWING).flatMap(([growing, shapes]) =>
    RUNTIMES.flatMap((runtime) =>
      shapes.map((shape) => ({ ...shape, growing, runtime, samples: [] as Shared[] })),
    ),
  )
  const ceilings: number[] = []
  for (let round = 0; round < setting.rounds; round++) {
    const texts = setting.texts.slice(0, setting.textsPerRound)
    const ceiling = await rateOfCeiling(setting.model, WORKERS, texts)
    ceilings.push(ceiling)
    for (const shape of settings) {
      const sample = await measureShape(setting, shape)
      shape.samples.push({ ...sample, ...shareOf(sample, { ceiling, workers: WORKERS }) })
    }
  }
  const results = settings.map(({ samples, ...shape }) => ({
    ...shape,
    ...summarizeSamples(samples),
  }))
  return {
    model: nameOf(setting.model),
    workers: WORKERS,
    ceiling_texts_per_second: summarize(ceilings),
    results,
  }
}

interface Shape {
  readonly runtime: (typeof RUNTIMES)[number]
  readonly textsPerRequest: number
  readonly connections: number
}

async function measureShape(
  { model, texts, textsPerRound }: Setting,
  { runtime, textsPerRequest, connections }: Shape,
): Promise<Sample> {
  // No load shedding here: throughput is measured.
  const limits = { MAX_QUEUE_TOKENS: '1000000', REQUEST_TIMEOUT_SECONDS: '120' }
  const env = { MODEL: model.folder, WORKERS: String(WORKERS), ...limits }
  const service = await new ServiceProcess(runtime, env).ready()
  const sample = await measureUncached(service, {
    texts: texts.slice(0, textsPerRound),
    warmUp: texts.slice(textsPerRound, textsPerRound + 640),
    textsPerRequest,
    connections,
  })
  await service.stop()
  return sample
}
