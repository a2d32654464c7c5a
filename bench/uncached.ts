import type { ServiceProcess } from '../tests/e2e/process.ts'
import { sendAll, toBody } from './client.ts'
import { residentMegabytes } from './resident.ts'
import { quantile, summarize } from './statistics.ts'
import { partsOf } from './texts.ts'

interface Load {
  /** That the service has never seen. */
  readonly texts: readonly string[]
  /** Others of the same kind, until code and memory have met it. */
  readonly warmUp: readonly string[]
  readonly textsPerRequest: number
  readonly connections: number
}

export type Sample = Awaited<ReturnType<typeof measureUncached>>

/** Sends new texts; resolves with texts per second, the share of padding, latencies and memory. */
export async function measureUncached(service: ServiceProcess, load: Load) {
  const { texts, connections } = load
  const toBodies = (list: readonly string[]) => partsOf(list, load.textsPerRequest).map(toBody)
  const url = `${service.url}/predict`
  await sendAll(url, toBodies(load.warmUp), connections)

  const before = await tokensOf(service)
  const { seconds, milliseconds } = await sendAll(url, toBodies(texts), connections)
  const after = await tokensOf(service)
  const padding = after.padding - before.padding
  return {
    texts_per_second: texts.length / seconds,
    padding_share: padding / (padding + after.read - before.read),
    p50_ms: quantile(milliseconds, 0.5),
    p99_ms: quantile(milliseconds, 0.99),
    resident_megabytes: residentMegabytes(service.pid),
  }
}

const tokensOf = async (service: ServiceProcess) => ({
  read: await service.metric('polarity_tokens_total'),
  padding: await service.metric('polarity_padding_tokens_total'),
})

/** The middle and the spread of each figure over some rounds. */
export function summarizeSamples<Figure extends string>(
  samples: readonly Readonly<Record<Figure, number>>[],
) {
  const figures = Object.keys(samples[0] ?? {}) as Figure[]
  const entries = figures.map((figure) => [figure, summarize(samples.map((s) => s[figure]))])
  return Object.fromEntries(entries) as Record<Figure, ReturnType<typeof summarize>>
}
