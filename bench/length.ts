import { RUNTIMES, ServiceProcess } from '../harness/process.ts'
import type { ModelInfo } from '../model/model-info.ts'
import { openCeiling } from './ceiling.ts'
import { nameOf } from './name.ts'
import { summarize } from './statistics.ts'
import { textsOfLength } from './texts.ts'
import { measureUncached, type Shared, shareOf, summarizeSamples } from './uncached.ts'

/** Tokens per text. */
const LENGTHS = [8, 16, 32, 64, 128, 256, 512]
const CONNECTIONS = 8
/** Minimum, so that all connections are busy most of the time. */
const REQUESTS = 40
const MAX_TEXTS_PER_REQUEST = 64

interface Setting {
  readonly model: ModelInfo
  readonly workers: number
  readonly rounds: number
  /** Tokens per measurement. */
  readonly tokens: number
}

/**
 * Cache misses of one length, for several lengths: the ceiling, alternating with each runtime over
 * HTTP. Resolves with texts per second, share of the ceiling, padding, latency and memory.
 */
export async function measureLengths(setting: Setting) {
  const { model, workers } = setting
  const ceiling = await openCeiling(model, workers)
  // No load shedding here: throughput is measured.
  const limits = { MAX_QUEUE_TOKENS: '1000000', REQUEST_TIMEOUT_SECONDS: '120' }
  const env = { MODEL: model.folder, WORKERS: String(workers), ...limits }
  const services = RUNTIMES.map((runtime) => new ServiceProcess(runtime, env))
  await Promise.all(services.map((service) => service.ready()))

  const lengths = LENGTHS.map((tokens) => ({
    tokens,
    ceilings: [] as Awaited<ReturnType<typeof ceiling.measure>>[],
    samples: RUNTIMES.map(() => [] as Shared[]),
  }))
  for (let round = 0; round < setting.rounds; round++) {
    for (const { tokens, ceilings, samples } of lengths) {
      const load = toLoad(setting, tokens, round)
      const best = await ceiling.measure(load.texts)
      ceilings.push(best)
      for (const [i, service] of services.entries()) {
        const sample = await measureUncached(service, load)
        samples[i]?.push({ ...sample, ...shareOf(sample, { ceiling: best.rate, workers }) })
      }
    }
  }
  await ceiling.close()
  await Promise.all(services.map((service) => service.stop()))

  return {
    model: nameOf(model),
    workers,
    connections: CONNECTIONS,
    ceiling: lengths.map(({ tokens, ceilings }) => ({
      tokens,
      texts_per_second: summarize(ceilings.map(({ rate }) => rate)),
      best_batch_tokens: ceilings.map(({ batchTokens }) => batchTokens),
    })),
    runtimes: RUNTIMES.map((runtime, i) => ({
      runtime,
      lengths: lengths.map(({ tokens, samples }) => ({
        tokens,
        ...summarizeSamples(samples[i] ?? []),
      })),
    })),
  }
}

function toLoad(setting: Setting, tokens: number, round: number) {
  const count = Math.ceil(setting.tokens / tokens)
  const textsPerRequest = Math.max(1, Math.min(MAX_TEXTS_PER_REQUEST, Math.floor(count / REQUESTS)))
  const seed = round * 1000 + tokens
  return {
    texts: textsOfLength(tokens, count, seed),
    warmUp: textsOfLength(tokens, CONNECTIONS * textsPerRequest, -seed - 1),
    textsPerRequest,
    connections: CONNECTIONS,
  }
}
