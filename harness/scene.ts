import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './free-port.ts'
import { type RUNTIMES, ServiceProcess } from './process.ts'
import { PrometheusServer } from './prometheus-server.ts'
import { RedisServer } from './redis-server.ts'
import { drive, keyFile, type Tally } from './scene-load.ts'

export interface Scene {
  readonly prometheus: PrometheusServer
  readonly tally: Tally
  /** Start of the load and end of the lull after it, in seconds since 1970. */
  readonly start: number
  readonly end: number
  /** When Redis came back, likewise. */
  readonly restored: number
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
  // Nobody listens there: traces are lost, and their ids stand in the histograms.
  OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
}

/** Redis evicts what a minute's load writes. */
const SMALL = ['--maxmemory', '1500kb', '--maxmemory-policy', 'allkeys-lru']

/**
 * Starts the service, Redis and Prometheus, and runs some seconds of mixed load, in which Redis is
 * down for a sixth of the time, and a lull.
 */
export async function playScene(
  runtime: (typeof RUNTIMES)[number],
  seconds: number,
): Promise<Scene> {
  const redis = await RedisServer.start(SMALL)
  const exporter = await startExporter(redis.url)
  const folder = mkdtempSync(join(tmpdir(), 'scene-'))
  const service = await new ServiceProcess(runtime, {
    REDIS_URL: redis.url,
    API_KEYS_FILE: writeKeys(folder),
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
  const restored = Date.now() / 1000
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
    restored,
    async close() {
      await prometheus.close()
      await service.stop()
      await exporter.close()
      await redis.close()
      rmSync(folder, { recursive: true })
    },
  }
}

function writeKeys(folder: string): string {
  const file = join(folder, 'keys')
  writeFileSync(file, keyFile())
  return file
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
