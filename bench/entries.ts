import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { RUNTIMES, ServiceProcess } from '../harness/process.ts'
import { RedisServer } from '../harness/redis-server.ts'
import { sendAll, toBody } from './client.ts'
import { residentMegabytes } from './resident.ts'
import { quantile } from './statistics.ts'

const SIZES = [1_000, 10_000, 100_000, 1_000_000]
const TEXTS_PER_FILLING_REQUEST = 1000
const REQUESTS = 20_000
const CONNECTIONS = 8
/** A tiny model, because only the cache is measured: it fills the cache within a minute. */
const MODEL = join(import.meta.dirname, '../tests/fixtures/faulty-model')

/** Memory and latency of a cache of several sizes, in memory and in Redis. */
export async function measureEntries() {
  const lines = []
  for (const runtime of RUNTIMES) {
    const figures = []
    for (const entries of SIZES) figures.push(await measureSize(runtime, entries))
    lines.push({ runtime, figures })
  }
  return lines
}

async function measureSize(runtime: (typeof RUNTIMES)[number], entries: number) {
  const redis = await RedisServer.start()
  const cache = { CACHE_MEMORY_ENTRIES: String(entries), CACHE_MEMORY_BYTES: '4000000000' }
  const env = { MODEL, WORKERS: '1', REDIS_URL: redis.url, ...cache }
  const service = await new ServiceProcess(runtime, env).ready()
  const url = `${service.url}/predict`
  const before = { service: residentMegabytes(service.pid), redis: usedBytes(redis) }

  const parts = Array.from({ length: entries / TEXTS_PER_FILLING_REQUEST }, (_, i) => i)
  const bodies = parts.map((part) => toBody(textsFrom(part * TEXTS_PER_FILLING_REQUEST)))
  await sendAll(url, bodies, 2)

  const hot = Array.from({ length: REQUESTS }, () => {
    return toBody(Array.from({ length: 3 }, () => textOf(Math.floor(Math.random() * entries))))
  })
  await sendAll(url, hot.slice(0, 2000), CONNECTIONS)
  const { seconds, milliseconds } = await sendAll(url, hot, CONNECTIONS)
  const result = {
    entries,
    requests_per_second: REQUESTS / seconds,
    p99_ms: quantile(milliseconds, 0.99),
    resident_megabytes: residentMegabytes(service.pid),
    grown_megabytes: residentMegabytes(service.pid) - before.service,
    redis_bytes_per_entry: (usedBytes(redis) - before.redis) / entries,
  }
  await service.stop()
  await redis.close()
  return result
}

const textOf = (i: number) => `This is the sentence number ${i} of all that are kept.`

const textsFrom = (first: number) =>
  Array.from({ length: TEXTS_PER_FILLING_REQUEST }, (_, i) => textOf(first + i))

function usedBytes(redis: RedisServer): number {
  const info = execFileSync('redis-cli', ['-p', String(redis.port), 'info', 'memory'])
  return Number(/used_memory:(\d+)/.exec(String(info))?.[1])
}
