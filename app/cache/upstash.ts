import { Redis } from '@upstash/redis'
import type { Cache } from './cache.ts'
import type { RemoteOptions } from './redis.ts'
import { jittered } from './ttl.ts'

interface Database {
  readonly url: string
  readonly token: string
}

/** A cache that replicas share, over HTTPS: for places where no TCP connection can be held open. */
export function createUpstash({ url, token }: Database, options: RemoteOptions): Cache {
  const redis = new Redis({
    url,
    token,
    automaticDeserialization: false,
    enableTelemetry: false,
    retry: false,
    signal: () => AbortSignal.timeout(options.timeoutMs),
  })

  return {
    tiers: ['redis'],
    async getMany(keys) {
      const values = keys.length > 0 ? await redis.mget<(string | null)[]>(...keys) : []
      return values.map((value) => (value === null ? undefined : { value, tier: 'redis' as const }))
    },
    async setMany(entries) {
      const pipeline = redis.pipeline()
      for (const [key, value] of entries) {
        pipeline.set(key, value, { px: Math.round(jittered(options.ttlSeconds) * 1000) })
      }
      if (entries.size > 0) await pipeline.exec()
    },
    async close() {},
  }
}
