import { Redis } from 'ioredis'
import type { Logger } from '../telemetry/logger.ts'
import type { Cache } from './cache.ts'
import { jittered } from './ttl.ts'

export interface RemoteOptions {
  readonly ttlSeconds: number
  readonly timeoutMs: number
}

/**
 * A cache that replicas share, over TCP or TLS. Connects behind the start and reconnects by itself;
 * while Redis is away every call rejects at once, because a miss is cheaper than a wait.
 */
export function openRedis(url: string, options: RemoteOptions, log: Logger): Cache {
  const redis = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: options.timeoutMs,
  })
  logChanges(redis, log)
  redis.connect().catch(() => {}) // `logChanges` has told; ioredis goes on trying.

  return {
    tiers: ['redis'],
    async getMany(keys) {
      const values = keys.length > 0 ? await redis.mget(...keys) : []
      return values.map((value) => (value === null ? undefined : { value, tier: 'redis' as const }))
    },
    async setMany(entries) {
      const pipeline = redis.pipeline()
      for (const [key, value] of entries) {
        pipeline.set(key, value, 'PX', Math.round(jittered(options.ttlSeconds) * 1000))
      }
      // A pipeline resolves even if its commands fail.
      const failed = (await pipeline.exec())?.find(([error]) => error)?.[0]
      if (failed) throw failed
    },
    async close() {
      redis.disconnect()
    },
  }
}

/** One line when Redis goes away and one when it comes back, however often ioredis tries between. */
function logChanges(redis: Redis, log: Logger): void {
  let away = false
  redis.on('error', (error) => {
    if (!away) log.warn({ err: error }, 'redis is away: the service goes on without it')
    away = true
  })
  redis.on('ready', () => {
    log.info('redis is connected')
    away = false
  })
}
