import { setTimeout as sleep } from 'node:timers/promises'
import { Arrivals } from '../../harness/arrivals.ts'
import { RUNTIMES, ServiceProcess } from '../../harness/process.ts'
import { RedisServer } from '../../harness/redis-server.ts'
import { FAULTS, HOST_NAME, nameLoopback } from './faults.ts'
import { openProxy } from './proxy.ts'

/** Injects faults into Redis under constant load; exits with 1 if any request failed. */
const REQUESTS_PER_SECOND = 50
const HOT_TEXTS = 20
const SETTLE_MS = 4000

interface Tally {
  requests: number
  failed: number
  readonly ms: number[]
}

/** Open-loop load until stopped; each request has one cache hit and one miss. */
function startLoad(service: ServiceProcess) {
  let tally: Tally = { requests: 0, failed: 0, ms: [] }
  const arrivals = new Arrivals(REQUESTS_PER_SECOND, async (number) => {
    const startedAt = performance.now()
    const into = tally
    into.requests++
    const texts = [`hot ${number % HOT_TEXTS}`, `${performance.timeOrigin} new ${number}`]
    const answered = await service
      .predict(texts)
      .then(isWhole)
      .catch(() => false)
    if (!answered) into.failed++
    into.ms.push(performance.now() - startedAt)
  })

  return {
    /** Results since the last call, once all requests are answered. */
    async take(): Promise<Tally> {
      const taken = tally
      tally = { requests: 0, failed: 0, ms: [] }
      await arrivals.settled()
      return taken
    },
    stop: () => arrivals.stop(),
  }
}

/** Rejects if the response is cut off. */
async function isWhole(response: Response): Promise<boolean> {
  await response.arrayBuffer()
  return response.status === 200
}

const say = (line: string) => process.stdout.write(`${line}\n`)
const forgetName = nameLoopback()
let failed = 0
try {
  for (const runtime of RUNTIMES) failed += await torment(runtime)
} finally {
  forgetName()
}
say(`${failed} failed requests`)
process.exit(failed === 0 ? 0 : 1)

async function torment(runtime: (typeof RUNTIMES)[number]): Promise<number> {
  const server = await RedisServer.start()
  const proxy = await openProxy(server.port)
  const REDIS_URL = `redis://${HOST_NAME}:${proxy.port}`
  const env = { REDIS_URL, CACHE_MEMORY_ENTRIES: '1', DRAIN_SECONDS: '0' }
  const service = await new ServiceProcess(runtime, env).ready()
  const load = startLoad(service)
  await sleep(SETTLE_MS)
  await load.take()

  let failed = 0
  for (const [name, fault] of Object.entries(FAULTS)) {
    await fault({ server, proxy })
    const { requests, failed: lost, ms } = await load.take()
    const p99 = ms.sort((a, b) => a - b)[Math.floor(0.99 * ms.length)] ?? 0
    const warnings = service.logged('circuit_breaker_opened').length
    say(
      `${runtime}, ${name}: ${requests} requests, ${lost} failed, p99 ${p99.toFixed(1)} ms, ${warnings} warnings so far`,
    )
    failed += lost
    await sleep(SETTLE_MS)
    await load.take()
  }
  const open = await service.metric('polarity_cache_breaker_open')
  const hits = await service.metric('polarity_texts_total{source="redis"}')
  say(`${runtime}, in the end: breaker ${open === 0 ? 'closed' : 'open'}, ${hits} texts from Redis`)

  await load.stop()
  await service.stop()
  await proxy.close()
  await server.close()
  return failed
}
