import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type OverloadResult, sendOverload } from '../harness/overload.ts'
import { type RUNTIMES, ServiceProcess } from '../harness/process.ts'
import { quantile } from './statistics.ts'

const HIT = ['I love you!', 'I hate you!', 'I am a Kubernetes Cluster!']
const PROBE_PAUSE_MS = 20
/** Two callers: one that floods, one that does not. */
const KEYS = ['flood', 'calm']
const API_KEYS = KEYS.map((key) => createHash('sha256').update(key).digest('hex')).join(',')

/** How the flood comes: new texts only, `times` as many a second as are answered when calm. */
export interface Flood {
  readonly textsPerRequest: number
  readonly times: number
  readonly seconds: number
  /** Core that the senders are bound to; undefined: they share all with the service. */
  readonly senderCore?: string | undefined
}

/**
 * A flood by one caller, on the same machine: what is still answered, to it, to another caller and
 * from the cache, against the calm state before; and how soon all is as before.
 */
async function measureOverload(runtime: (typeof RUNTIMES)[number], flood: Flood) {
  const env = { DRAIN_SECONDS: '0', API_KEYS }
  const service = await new ServiceProcess(runtime, env).ready()
  const { url } = service
  try {
    await probe(url, 1000)
    const idle = await probe(url, 3000)
    // As many as are answered when no more come than that: found by a flood that is a little too large.
    const calm = await findCapacity(url, flood)
    await sleep(2000)

    const requestsPerSecond = (flood.times * calm) / flood.textsPerRequest
    const target = { url, key: 'flood', name: 'flood', ...flood, requestsPerSecond }
    const other = { url, key: 'calm', name: 'calm', textsPerRequest: 1, requestsPerSecond: 10 }
    const flooding = sendOverload(target, flood.seconds, flood.senderCore)
    await sleep(1000)
    const [busy, calmCaller] = await Promise.all([
      probe(url, (flood.seconds - 2) * 1000),
      sendOverload(other, flood.seconds - 2, flood.senderCore),
    ])
    await sleep(1000)
    const recoverySeconds = await recovery(url)
    const flooded = await flooding
    return {
      runtime,
      ...flood,
      requests_per_second: Math.round(requestsPerSecond),
      calm_texts_per_second: Math.round(calm),
      flood_texts_per_second: Math.round(flooded.textsPerSecond),
      share: Number((flooded.textsPerSecond / calm).toFixed(2)),
      flood: summary(flooded),
      other_caller: summary(calmCaller),
      hits_idle: idle,
      hits_flooded: busy,
      recovery_seconds: recoverySeconds,
    }
  } finally {
    await service.stop()
  }
}

async function findCapacity(url: string, flood: Flood): Promise<number> {
  const { textsPerRequest, senderCore } = flood
  let rate = 1000
  for (let round = 0; round < 2; round++) {
    const requestsPerSecond = (rate * 1.15) / textsPerRequest
    const target = { url, key: 'flood', name: `calm${round}`, textsPerRequest, requestsPerSecond }
    const { textsPerSecond } = await sendOverload(target, 4, senderCore)
    rate = Math.max(rate, textsPerSecond)
  }
  return rate
}

const ms = (values: readonly number[], q: number) =>
  values.length > 0 ? Number(quantile([...values], q).toFixed(1)) : null

const summary = ({ statuses, answered, refused, retryAfter, senderMs }: OverloadResult) => ({
  statuses,
  sender_ms: Number(senderMs.toFixed(3)),
  answered_p50_ms: ms(answered, 0.5),
  answered_p99_ms: ms(answered, 0.99),
  refused_p50_ms: ms(refused, 0.5),
  refused_p99_ms: ms(refused, 0.99),
  longest_retry_after: retryAfter,
})

async function ask(url: string, text: readonly string[]) {
  const startedAt = performance.now()
  const response = await fetch(`${url}/predict`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': 'flood' },
    body: JSON.stringify({ text }),
  })
  await response.text()
  return { status: response.status, ms: performance.now() - startedAt }
}

/** Cache hits, sent as the flooding caller. */
async function probe(url: string, milliseconds: number) {
  const times: number[] = []
  const statuses: Record<string, number> = {}
  const endsAt = performance.now() + milliseconds
  while (performance.now() < endsAt) {
    const { status, ms } = await ask(url, HIT)
    statuses[status] = (statuses[status] ?? 0) + 1
    if (status === 200) times.push(ms)
    await sleep(PROBE_PAUSE_MS)
  }
  return { statuses, p50_ms: ms(times, 0.5), p99_ms: ms(times, 0.99) }
}

/** Seconds until new texts are answered as fast as ever, ten times in a row. */
async function recovery(url: string): Promise<number> {
  const startedAt = performance.now()
  let since = startedAt
  for (let n = 0, good = 0; good < 10; n++) {
    const { status, ms } = await ask(url, [`after the flood ${n}`])
    good = status === 200 && ms < 100 ? good + 1 : 0
    if (good === 0) since = performance.now()
    await sleep(PROBE_PAUSE_MS)
  }
  return Number(((since - startedAt) / 1000).toFixed(2))
}

/** Three minutes of ten times what is answered, as requests of one text and of a thousand. */
export async function measureFloods(runtime: (typeof RUNTIMES)[number]) {
  const seconds = 180
  const floods = []
  for (const textsPerRequest of [1, 1000]) {
    floods.push(await measureOverload(runtime, { textsPerRequest, times: 10, seconds }))
  }
  return floods
}
