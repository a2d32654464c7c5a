import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './free-port.ts'
import { type RUNTIMES, ServiceProcess } from './process.ts'
import { PrometheusServer } from './prometheus-server.ts'
import { RedisServer } from './redis-server.ts'
import { drive, type Tally } from './scene-load.ts'

export interface Scene {
  readonly prometheus: PrometheusServer
  readonly tally: Tally
  /** Start of the load and end of the lull after it, in seconds since 1970. */
  readonly start: number
  readonly end: number
  close(): Promise<void>
}

/** A lull at the end, in milliseconds: what runs only while others don't (the shadow model) catches up, and the last scrapes are taken. */
const LULL_MS = 12_000

/** Small bounds, so that a minute's load reaches them. */
const SETTINGS = {
  DRAIN_SECONDS: '0',
  CACHE_MEMORY_ENTRIES: '500',
  // Beside itself: they always agree.
  SHADOW_MODEL: 'sst2-minilm',
  SHADOW_SHARE: '1',
  MAX_QUEUE_TOKENS: '6000',
}

/**
 * Starts the service, Redis and Prometheus, and runs some seconds of mixed load, in which Redis is
 * down for a sixth of the time, and a lull.
 */
export async function playScene(
  runtime: (typeof RUNTIMES)[number],
  seconds: number,
): Promise<Scene> {
  const redis = await RedisServer.start([
    '--maxmemory',
    '1500kb',
    '--maxmemory-policy',
    'allkeys-lru',
  ])
  const exporter = await startExporter(redis.url)
  const service = await new ServiceProcess(runtime, {
    REDIS_URL: redis.url,
    ...SETTINGS,
  }).ready()
  const prometheus = await PrometheusServer.start({
    polarity: new URL(service.internalUrl).host,
    redis: exporter.address,
  })

  const start = Date.now() / 1000
  const done = new AbortController()
  const load = drive(service, done.signal)
  await sleep(seconds * 500)
  await redis.stop()
  await sleep((seconds * 1000) / 6)
  await redis.start()
  await sleep((seconds * 1000) / 3)
  done.abort()
  const tally = await load
  await sleep(LULL_MS)
  const end = Date.now() / 1000

  return {
    prometheus,
    tally,
    start,
    end,
    async close() {
      await prometheus.close()
      await service.stop()
      await exporter.close()
      await redis.close()
    },
  }
}

/** Debian's redis-exporter, on a free loopback port. */
async function startExporter(redisUrl: string) {
  const address = `127.0.0.1:${await freePort()}`
  const settings = ['-redis.addr', redisUrl, '-web.listen-address', address]
  const child = spawn('prometheus-redis-exporter', settings, { stdio: 'ignore' })
  return {
    address,
    async close() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}
