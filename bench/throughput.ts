import type { Model } from '../model/load.ts'
import { RUNTIMES, ServiceProcess } from '../tests/e2e/process.ts'
import { openCeiling } from './ceiling.ts'
import { sendAll, toBody } from './client.ts'
import { nameOf } from './name.ts'
import { median } from './statistics.ts'
import { partsOf } from './texts.ts'

const TEXTS_PER_REQUEST = 64
const CONNECTIONS = 8
/** Until the code is compiled: their texts are others. */
const WARM_UP_REQUESTS = 10

interface Setting {
  readonly model: Model
  readonly workers: number
  readonly rounds: number
  readonly textsPerRound: number
  readonly texts: readonly string[]
}

/**
 * Texts per second that nobody has asked for before: the ceiling and each runtime over HTTP in
 * turn, on the same texts, once a round. Resolves with the medians, and each runtime's share.
 */
export async function measureThroughput(setting: Setting) {
  const rates = new Map<string, number[]>()
  const keep = (name: string, rate: number) => rates.set(name, [...(rates.get(name) ?? []), rate])

  for (let round = 0; round < setting.rounds; round++) {
    const from = round * setting.textsPerRound
    const texts = setting.texts.slice(from, from + setting.textsPerRound)
    keep('ceiling', await rateOfCeiling(setting, texts))
    for (const runtime of RUNTIMES) keep(runtime, await rateOverHttp(runtime, setting, texts))
  }

  const shareOf = (runtime: string) =>
    median((rates.get(runtime) ?? []).map((rate, i) => rate / (rates.get('ceiling')?.[i] ?? 0)))
  return {
    model: nameOf(setting.model),
    workers: setting.workers,
    texts_per_second: Object.fromEntries([...rates].map(([name, list]) => [name, median(list)])),
    share_of_ceiling: Object.fromEntries(RUNTIMES.map((name) => [name, shareOf(name)])),
    rounds: Object.fromEntries(rates),
  }
}

async function rateOfCeiling({ model, workers }: Setting, texts: readonly string[]) {
  const ceiling = await openCeiling(model, workers)
  const { rate } = await ceiling.measure(texts)
  await ceiling.close()
  return rate
}

async function rateOverHttp(
  runtime: (typeof RUNTIMES)[number],
  { model, workers }: Setting,
  texts: readonly string[],
): Promise<number> {
  const env = { MODEL: model.folder, WORKERS: String(workers), DRAIN_SECONDS: '0' }
  const service = await new ServiceProcess(runtime, env).ready()
  const bodies = partsOf(texts, TEXTS_PER_REQUEST).map(toBody)
  const warmUp = bodies.slice(0, WARM_UP_REQUESTS).map((body) => body.replaceAll('","', ' !","'))
  await sendAll(`${service.url}/predict`, warmUp, CONNECTIONS)
  const { seconds } = await sendAll(`${service.url}/predict`, bodies, CONNECTIONS)
  await service.stop()
  return texts.length / seconds
}
