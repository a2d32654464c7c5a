import { execFile } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type RUNTIMES, ServiceProcess } from '../harness/process.ts'
import { RedisServer } from '../harness/redis-server.ts'
import { send, sendAll, toBody } from './client.ts'
import { median } from './statistics.ts'
import { partsOf, REMEMBERED } from './texts.ts'

type Runtime = (typeof RUNTIMES)[number]

const HOT = toBody(REMEMBERED)
const ROUNDS = 3
const SECONDS = 4
const CONNECTIONS = 10

/**
 * Throughput of cache hits (three texts per request), from memory and from Redis alone, relative to
 * a bare route with the same JSON on the same runtime.
 */
export async function measureCached(runtime: Runtime) {
  const redis = await RedisServer.start()
  const settings = {
    bare: () => new ServiceProcess(runtime, {}, `bench/bare-${runtime}.ts`),
    memory: () => new ServiceProcess(runtime),
    redis: () => new ServiceProcess(runtime, { REDIS_URL: redis.url, CACHE_MEMORY_ENTRIES: '0' }),
  }
  const rates: Record<string, number[]> = { bare: [], memory: [], redis: [] }
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, open] of Object.entries(settings)) {
      const service = await open().ready()
      await send(`${service.url}/predict`, HOT)
      rates[name]?.push(await requestsPerSecond(`${service.url}/predict`))
      await service.stop()
    }
  }
  await redis.close()
  const perSecond = (name: string) => median(rates[name] ?? [])
  return {
    runtime,
    requests_per_second: Object.fromEntries(
      Object.keys(rates).map((name) => [name, perSecond(name)]),
    ),
    share_of_bare: {
      memory: perSecond('memory') / perSecond('bare'),
      redis: perSecond('redis') / perSecond('bare'),
    },
    rounds: rates,
  }
}

/** Uses wrk, which needs little CPU itself. */
async function requestsPerSecond(url: string): Promise<number> {
  const script = join(mkdtempSync(join(tmpdir(), 'wrk-')), 'post.lua')
  writeFileSync(script, `wrk.method = "POST"\nwrk.body = ${JSON.stringify(HOT)}\n`)
  const load = ['-t1', `-c${CONNECTIONS}`, `-d${SECONDS}s`, '-s', script, url]
  // Asynchronous, because this process must keep reading the service's log, or its pipe fills up.
  const { stdout: report } = await promisify(execFile)('wrk', load)
  if (/Non-2xx/.test(report)) throw new Error(report)
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(report)?.[1])
}

/** Throughput of cache misses with both tiers, relative to no cache. */
export async function measureMisses(runtime: Runtime, texts: readonly string[]) {
  const redis = await RedisServer.start()
  const settings = { with: { REDIS_URL: redis.url }, without: { CACHE_MEMORY_ENTRIES: '0' } }
  const rates: Record<string, number[]> = { with: [], without: [] }
  for (let round = 0; round < ROUNDS; round++) {
    const [warmUp = '', ...bodies] = partsOf(texts.slice(0, 4000), 64).map(toBody)
    for (const [name, env] of Object.entries(settings)) {
      const service = await new ServiceProcess(runtime, env).ready()
      await send(`${service.url}/predict`, warmUp)
      const { seconds } = await sendAll(`${service.url}/predict`, bodies, 8)
      rates[name]?.push(4000 / seconds)
      await service.stop()
    }
    await flush(redis)
  }
  await redis.close()
  const ratios = (rates.with ?? []).map((rate, i) => rate / (rates.without?.[i] ?? 0))
  return { runtime, with_cache_over_without: median(ratios), rounds: rates }
}

const flush = async (redis: RedisServer) => {
  await redis.stop()
  await redis.start()
}
