import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Arrivals } from '../harness/arrivals.ts'
import { ServiceProcess } from '../harness/process.ts'
import { RedisServer } from '../harness/redis-server.ts'
import type { ModelInfo } from '../model/model-info.ts'
import { send, toBody } from './client.ts'
import { nameOf } from './name.ts'
import { quantile } from './statistics.ts'

const TEXTS_PER_REQUEST = 3
const HOT = toBody(['I love you!', 'I hate you!', 'I am a Kubernetes Cluster!'])
const SECONDS = 15
/** Clock ticks per second in proc(5) (`getconf CLK_TCK`). */
const TICKS = 100

interface Rate {
  readonly requestsPerSecond: number
  readonly hitRate: number
}

/** These two rates give the cost of a cache miss and of a cache hit, which predict the others. */
const CALIBRATION: readonly [newTexts: Rate, hits: Rate] = [
  { requestsPerSecond: 30, hitRate: 0 },
  { requestsPerSecond: 500, hitRate: 1 },
]
const CHECKED: readonly Rate[] = [
  ...[0, 0.5, 0.95].map((hitRate) => ({ requestsPerSecond: 10, hitRate })),
  { requestsPerSecond: 75, hitRate: 0 },
  { requestsPerSecond: 100, hitRate: 0.5 },
  { requestsPerSecond: 300, hitRate: 0.95 },
  { requestsPerSecond: 1000, hitRate: 0.95 },
]

/**
 * Open-loop load at several request rates and hit rates on one service with Redis: latency,
 * failures and CPU.
 */
export async function measureCapacity(model: ModelInfo, texts: readonly string[]) {
  const newTexts = texts.values()
  const redis = await RedisServer.start()
  const service = await new ServiceProcess('bun', {
    MODEL: model.folder,
    REDIS_URL: redis.url,
    WORKERS: '2',
  }).ready()
  await run(service, { requestsPerSecond: 20, hitRate: 0.5 }, newTexts) // Warm-up.
  const [fresh, hits] = [
    await run(service, CALIBRATION[0], newTexts),
    await run(service, CALIBRATION[1], newTexts),
  ]
  const perHit = hits.cores / CALIBRATION[1].requestsPerSecond
  const perText = (fresh.cores / CALIBRATION[0].requestsPerSecond - perHit) / TEXTS_PER_REQUEST
  const checked = []
  for (const rate of CHECKED) {
    const measured = await run(service, rate, newTexts)
    const texts = TEXTS_PER_REQUEST * (1 - rate.hitRate)
    const predicted_cores = rate.requestsPerSecond * (perHit + texts * perText)
    checked.push({ ...rate, predicted_cores, ...measured })
  }
  await service.stop()
  await redis.close()
  return {
    model: nameOf(model),
    cpu_ms_per_remembered_request: perHit * 1000,
    cpu_ms_per_new_text: perText * 1000,
    checked,
  }
}

async function run(service: ServiceProcess, rate: Rate, texts: Iterator<string>) {
  const milliseconds: number[] = []
  let failed = 0
  let share = 0
  const before = cpuSeconds(service.pid)
  const startedAt = performance.now()
  const arrivals = new Arrivals(rate.requestsPerSecond, async (_, dueAt) => {
    share += 1 - rate.hitRate
    const isNew = share >= 1
    if (isNew) share--
    try {
      await send(`${service.url}/predict`, isNew ? toBody(take(texts)) : HOT)
      milliseconds.push(performance.now() - dueAt)
    } catch {
      failed++
    }
  })
  await sleep(SECONDS * 1000)
  await arrivals.stop()
  const seconds = (performance.now() - startedAt) / 1000
  return {
    answered: milliseconds.length,
    failed,
    p50_ms: quantile(milliseconds, 0.5),
    p99_ms: quantile(milliseconds, 0.99),
    cores: (cpuSeconds(service.pid) - before) / seconds,
  }
}

const take = (texts: Iterator<string>) =>
  Array.from({ length: TEXTS_PER_REQUEST }, () => {
    const { value, done } = texts.next()
    if (done) throw new Error('Not enough texts.')
    return value
  })

/**
 * CPU time of a process: fields 14 and 15 of `/proc/PID/stat`, counted from the name in
 * parentheses.
 */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / TICKS
}
