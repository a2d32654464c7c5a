import { Cluster, Redis } from 'ioredis'
import { parseRedisUrl } from '../redis-url.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { Cache } from './cache.ts'
import { reasonOf } from './reason.ts'
import { jittered } from './ttl.ts'

/** Milliseconds without a reply after which a connection counts as dead, and is reopened. */
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
  // After a failover the old primary is a replica; its name may resolve to the new one.
  reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
}

/**
 * A cache that replicas share, over TCP, TLS or a unix socket. Connects in the background and
 * reconnects by itself; while it is disconnected every call rejects at once.
 */
export function openRedis(url: string, ttlSeconds: number, log: Logger): Cache<string> {
  const redis = createClient(url)
  logChanges(redis, log)
  redis.connect().catch(() => undefined) // `logChanges` has logged it; ioredis retries.

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

/** A client that is not connected yet, for a cluster or a single node. */
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

/** One MGET; on a cluster, whose keys are on different nodes, pipelined GETs. */
function readMany(redis: Redis | Cluster, keys: readonly string[]): Promise<(string | null)[]> {
  if (redis instanceof Redis) return redis.mget(...keys)
  return Promise.all(keys.map((key) => redis.get(key)))
}

/** Logs one line when Redis disconnects and one when it connects, however often ioredis retries. */
function logChanges(redis: Redis | Cluster, log: Logger): void {
  let disconnected = false
  redis.on('error', (error) => {
    if (disconnected) return
    disconnected = true
    const fields = { event: 'redis_disconnected', reason: reasonOf(error) } as const
    log.warn(fields, 'redis disconnected, serving without it')
  })
  redis.on('ready', () => {
    log.info({ event: 'redis_connected' }, 'redis connected')
    disconnected = false
  })
}
