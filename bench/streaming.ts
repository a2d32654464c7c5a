import { request } from 'node:http'
import { cpus } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Runtime, ServiceProcess } from '../harness/process.ts'
import type { ModelInfo } from '../model/model-info.ts'
import { rateOfCeiling } from './ceiling.ts'
import { sendAll, toBody } from './client.ts'
import { residentMegabytes } from './resident.ts'
import { quantile } from './statistics.ts'
import { sendRows } from './stream-client.ts'
import { distinctTexts, partsOf } from './texts.ts'

interface Setting {
  readonly model: ModelInfo
  readonly workers: number
  readonly rows: number
  readonly texts: readonly string[]
}

/** Rows whose ceiling is measured, before and after the stream. */
const CEILING_ROWS = 4800
const WARM_UP_ROWS = 4000
const SAMPLE_MS = 5000
/** The same texts as ordinary requests. */
const TEXTS_PER_REQUEST = 64
const CONNECTIONS = 8
/** Single texts of another caller: one after the other, far below saturation. */
const PROBES = 200
const PAUSE_MS = 25

interface Settings extends Omit<Setting, 'workers'> {
  readonly runtimes: readonly Runtime[]
  readonly workers: readonly number[]
}

/** On each of the runtimes, with each number of workers. */
export async function measureStreams({ runtimes, workers, ...rest }: Settings) {
  const results = []
  for (const runtime of runtimes) {
    for (const count of workers) {
      results.push(await measureStreaming(runtime, { ...rest, workers: count }))
    }
  }
  return results
}

/**
 * One stream of rows that no cache knows, as long as the texts: rows per second, alone and as a share
 * of the ceiling; memory meanwhile; and what another caller's single texts take, idle, beside it, and beside the same
 * texts in ordinary requests.
 */
async function measureStreaming(runtime: Runtime, setting: Setting) {
  const { model, workers, rows, texts } = setting
  const ceilingOf = (round: number) =>
    rateOfCeiling(model, workers, [...distinctTexts(texts, CEILING_ROWS, round)])
  const before = await ceilingOf(1)
  const env = { MODEL: model.folder, WORKERS: String(workers), DRAIN_SECONDS: '0' }
  const service = await new ServiceProcess(runtime, env).ready()
  try {
    await sendRows(service.url, distinctTexts(texts, WARM_UP_ROWS, 2))
    const idle = await probe(service.url)
    const stream = await measureStream(service, distinctTexts(texts, rows, 100))
    const beside = await probeBeside(service.url, (url) =>
      sendRows(url, distinctTexts(texts, CEILING_ROWS, nextRound())),
    )
    const requests = await probeBeside(service.url, (url) => {
      const bodies = partsOf(
        [...distinctTexts(texts, CEILING_ROWS, nextRound())],
        TEXTS_PER_REQUEST,
      )
      return sendAll(`${url}/predict`, bodies.map(toBody), CONNECTIONS)
    })
    const ceiling = (before + (await ceilingOf(3))) / 2
    return {
      ...{ runtime, workers, rows, ceiling_rows_per_second: ceiling, ...stream },
      ...sharesOf(stream, ceiling, workers),
      other_caller_ms: { idle, beside_the_stream: beside, beside_requests: requests },
    }
  } finally {
    await service.stop()
  }
}

async function measureStream(service: ServiceProcess, rows: Iterable<string>) {
  const megabytes = [residentMegabytes(service.pid)]
  const timer = setInterval(() => megabytes.push(residentMegabytes(service.pid)), SAMPLE_MS)
  const cpuBefore = process.cpuUsage()
  const startedAt = performance.now()
  const count = await sendRows(service.url, rows)
  const seconds = (performance.now() - startedAt) / 1000
  const { user, system } = process.cpuUsage(cpuBefore)
  clearInterval(timer)
  return {
    rows_per_second: count / seconds,
    sender_cores: (user + system) / 1e6 / seconds,
    megabytes: megabytes.map(Math.round),
  }
}

/** As of ordinary requests: with the sender's share of the workers' cores, and without. */
function sharesOf(
  { rows_per_second, sender_cores }: { rows_per_second: number; sender_cores: number },
  ceiling: number,
  workers: number,
) {
  const taken = Math.max(0, sender_cores - (cpus().length - workers))
  const share_of_ceiling = rows_per_second / ceiling
  return { share_of_ceiling, share_without_sender: share_of_ceiling / (1 - taken / workers) }
}

/** p50 and p99 in milliseconds of new single texts from another address. */
async function probe(url: string) {
  const times: number[] = []
  for (let i = 0; i < PROBES; i++) {
    times.push(await askFromElsewhere(url, `A short text from elsewhere, ${performance.now()}.`))
    await sleep(PAUSE_MS)
  }
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) }
}

/** The same for as long as it takes, beside a load that is sent again and again. */
async function probeBeside(url: string, load: (url: string) => Promise<unknown>) {
  let probing = true
  const loading = async () => {
    while (probing) await load(url)
  }
  const [times] = await Promise.all([
    probe(url).finally(() => {
      probing = false
    }),
    loading(),
  ])
  return times
}

function askFromElsewhere(url: string, text: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const startedAt = performance.now()
  const sent = request(`${url}/predict`, { method: 'POST', localAddress: '127.0.0.2' })
  sent.on('response', (response) => {
    response.resume().on('end', () => resolve(performance.now() - startedAt))
  })
  sent.on('error', reject).end(toBody([text]))
  return promise
}

let round = 10_000
const nextRound = () => round++
