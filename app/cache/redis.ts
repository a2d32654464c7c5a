import { Cluster, Redis } from 'ioredis'
import { parseRedisUrl } from '../redis-url.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { Cache } from './cache.ts'
import { reasonOf } from './reason.ts'
import { jittered } from './ttl.ts'

/** Milliseconds without an answer after which a connection is taken for dead and made anew. */
const SOCKET_TIMEOUT_MS = 2000
const MAX_RECONNECT_MS = 2000

const SETTINGS = {
  lazyConnect: true,
  enableOfflineQueue: false,
  enableAutoPipelining: true,
}

const NODE_SETTINGS = {
  maxRetriesPerRequest: 0,
  socketTimeout: SOCKET_TIMEOUT_MS,
  connectTimeout: SOCKET_TIMEOUT_MS,
  retryStrategy: (times: number) => Math.min(50 * 2 ** times, MAX_RECONNECT_MS),
  // What was a primary is a replica now: its name may lead to the new one.
  reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
}

/**
 * A cache that replicas share, over TCP, TLS or a unix socket. Connects behind the start and
 * reconnects by itself; while Redis is away every call rejects at once.
 */
export function openRedis(url: string, ttlSeconds: number, log: Logger): Cache<string> {
  const redis = createClient(url)
  logChanges(redis, log)
  redis.connect().catch(() => undefined) // `logChanges` has told; ioredis goes on trying.

  return {
    tier: 'redis',
    async getMany(keys) {
      const values = await readMany(redis, keys)
      return values.map((value) => value ?? undefined)
    },
    async setMany(entries) {
      const writes = [...entries].map(([key, value]) =>
        redis.set(key, value, 'PX', Math.round(jittered(ttlSeconds) * 1000)),
      )
      await Promise.all(writes)
    },
    async close() {
      redis.disconnect()
    },
  }
}

/** A client that is not connected yet, as ioredis makes one for each kind of address. */
export function createClient(url: string): Redis | Cluster {
  const address = parseRedisUrl(url)
  if (address.type === 'cluster') {
    return new Cluster(address.nodes, {
      ...SETTINGS,
      redisOptions: { ...NODE_SETTINGS, ...address.options },
    })
  }
  return new Redis({ ...SETTINGS, ...NODE_SETTINGS, ...address.options })
}

/** One command; on a cluster, where keys live on different nodes, one pipeline for each. */
function readMany(redis: Redis | Cluster, keys: readonly string[]): Promise<(string | null)[]> {
  if (redis instanceof Redis) return redis.mget(...keys)
  return Promise.all(keys.map((key) => redis.get(key)))
}

/** One line when Redis goes away and one when it comes back, however often ioredis tries between. */
function logChanges(redis: Redis | Cluster, log: Logger): void {
  let away = false
  redis.on('error', (error) => {
    if (away) return
    away = true
    const fields = { event: 'redis_disconnected', reason: reasonOf(error) } as const
    log.warn(fields, 'redis disconnected, serving without it')
  })
  redis.on('ready', () => {
    log.info({ event: 'redis_connected' }, 'redis connected')
    away = false
  })
}
