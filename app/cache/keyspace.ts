import { Redis as Upstash } from '@upstash/redis'
import { Cluster, type Redis } from 'ioredis'
import type { Config } from '../config.ts'
import { createClient } from './redis.ts'

/**
 * The keys of a shared cache, for an operator. Keys are scanned in pages, which does not block
 * Redis.
 */
export interface Keyspace {
  /** Number of keys in the database, whatever their prefix. */
  size(): Promise<number>
  /** Pages of keys that begin with `prefix`. */
  scan(prefix: string): AsyncGenerator<readonly string[]>
  /** Size of one value in bytes, and its remaining time to live. */
  describe(key: string): Promise<{ bytes: number; ttlSeconds: number }>
  remove(keys: readonly string[]): Promise<void>
  close(): void
}

const PAGE = 1000

/** Opens the configured shared cache; `undefined` if there is none. */
export async function openKeyspace(config: Config): Promise<Keyspace | undefined> {
  const { REDIS_URL, UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = config
  if (REDIS_URL) return openRedisKeyspace(REDIS_URL)
  if (url && token)
    return createUpstashKeyspace(new Upstash({ url, token, enableTelemetry: false }))
  return undefined
}

async function openRedisKeyspace(url: string): Promise<Keyspace> {
  const redis = createClient(url)
  // `connect` rejects with the same error, which the command prints.
  redis.on('error', () => undefined)
  try {
    await redis.connect()
  } catch (error) {
    redis.disconnect()
    throw error
  }
  const nodes = (): Redis[] => (redis instanceof Cluster ? redis.nodes('master') : [redis])

  return {
    async size() {
      const sizes = await Promise.all(nodes().map((node) => node.dbsize()))
      return sizes.reduce((sum, size) => sum + size, 0)
    },
    async *scan(prefix) {
      for (const node of nodes()) {
        yield* node.scanStream({ match: `${prefix}*`, count: PAGE }) as AsyncIterable<string[]>
      }
    },
    async describe(key) {
      const [bytes, ttlMs] = await Promise.all([redis.strlen(key), redis.pttl(key)])
      return { bytes, ttlSeconds: ttlMs / 1000 }
    },
    async remove(keys) {
      // One command per key, pipelined: in a cluster the keys are on different nodes.
      await Promise.all(keys.map((key) => redis.unlink(key)))
    },
    close() {
      redis.disconnect()
    },
  }
}

function createUpstashKeyspace(redis: Upstash): Keyspace {
  return {
    size: () => redis.dbsize(),
    async *scan(prefix) {
      let cursor = '0'
      do {
        const [next, keys] = await redis.scan(cursor, { match: `${prefix}*`, count: PAGE })
        yield keys
        cursor = String(next)
      } while (cursor !== '0')
    },
    async describe(key) {
      const [bytes, ttlMs] = await Promise.all([redis.strlen(key), redis.pttl(key)])
      return { bytes, ttlSeconds: ttlMs / 1000 }
    },
    async remove(keys) {
      if (keys.length > 0) await redis.unlink(...keys)
    },
    close() {},
  }
}
