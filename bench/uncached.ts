import { cpus } from 'node:os'
import type { ServiceProcess } from '../harness/process.ts'
import { sendAll, toBody } from './client.ts'
import { residentMegabytes } from './resident.ts'
import { quantile, summarize } from './statistics.ts'
import { partsOf } from './texts.ts'

interface Load {
  /** Cache misses. */
  readonly texts: readonly string[]
  /** Other texts of the same kind, sent before the measurement. */
  readonly warmUp: readonly string[]
  readonly textsPerRequest: number
  readonly connections: number
}

export type Sample = Awaited<ReturnType<typeof measureUncached>>

/** A sample with its share of the ceiling of its round. */
export type Shared = Sample & ReturnType<typeof shareOf>

/**
 * Sends cache misses; resolves with texts per second, cores used by the sender, share of padding,
 * latency and memory.
 */
export async function measureUncached(service: ServiceProcess, load: Load) {
  const { texts, connections } = load
  const toBodies = (list: readonly string[]) => partsOf(list, load.textsPerRequest).map(toBody)
  const url = `${service.url}/predict`
  await sendAll(url, toBodies(load.warmUp), connections)

  const before = await tokensOf(service)
  const bodies = toBodies(texts)
  const cpuBefore = process.cpuUsage()
  const { seconds, milliseconds } = await sendAll(url, bodies, connections)
  const { user, system } = process.cpuUsage(cpuBefore)
  const after = await tokensOf(service)
  const padding = after.padding - before.padding
  return {
    texts_per_second: texts.length / seconds,
    sender_cores: (user + system) / 1e6 / seconds,
    padding_share: padding / (padding + after.read - before.read),
    p50_ms: quantile(milliseconds, 0.5),
    p99_ms: quantile(milliseconds, 0.99),
    resident_megabytes: residentMegabytes(service.pid),
  }
}

/**
 * Share of the ceiling: of the full one, measured without a sender, and of the ceiling minus the
 * share of the workers' cores that the sender used, which a sender on another machine would not.
 */
export function shareOf(
  { texts_per_second, sender_cores }: Sample,
  { ceiling, workers }: { ceiling: number; workers: number },
) {
  const taken = Math.max(0, sender_cores - (cpus().length - workers))
  const share_of_ceiling = texts_per_second / ceiling
  return { share_of_ceiling, share_without_sender: share_of_ceiling / (1 - taken / workers) }
}

const tokensOf = async (service: ServiceProcess) => ({
  read: await service.metric('polarity_tokens_total'),
  padding: await service.metric('polarity_padding_tokens_total'),
})

/** Median and spread of each figure over several rounds. */
export function summarizeSamples<Figure extends string>(
  samples: readonly Readonly<Record<Figure, number>>[],
) {
  const figures = Object.keys(samples[0] ?? {}) as Figure[]
  const entries = figures.map((figure) => [figure, summarize(samples.map((s) => s[figure]))])
  return Object.fromEntries(entries) as Record<Figure, ReturnType<typeof summarize>>
}
