import { Redis } from '@upstash/redis'
import type { Cache } from './cache.ts'
import { jittered } from './ttl.ts'

interface Database {
  readonly url: string
  readonly token: string
}

/** Aborts requests that every lookup has long since stopped waiting for. */
const REQUEST_TIMEOUT_MS = 5000

/** A client that hands out what is stored as it is, and never tries again. */
export const openUpstash = ({ url, token }: Database): Redis =>
  new Redis({
    url,
    token,
    automaticDeserialization: false,
    enableTelemetry: false,
    retry: false,
    signal: () => AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  })

/** A shared cache over HTTPS (Upstash), for platforms without long-lived TCP connections. */
export function createUpstash(database: Database, ttlSeconds: number): Cache<string> {
  const redis = openUpstash(database)

  return {
    tier: 'redis',
    async getMany(keys) {
      const values = await redis.mget<(string | null)[]>(...keys)
      return values.map((value) => value ?? undefined)
    },
    async setMany(entries) {
      const pipeline = redis.pipeline()
      for (const [key, value] of entries) {
        pipeline.set(key, value, { px: Math.round(jittered(ttlSeconds) * 1000) })
      }
      await pipeline.exec()
    },
    async close() {},
  }
}
