import type { Config } from '../config.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { type Buckets, LocalBuckets } from '../token-bucket.ts'
import type { Cache } from './cache.ts'
import { withCircuitBreaker } from './circuit-breaker.ts'
import { type Codec, decoded } from './decoded.ts'
import { measured } from './measured.ts'
import { Memory } from './memory.ts'
import { openRedis } from './redis.ts'
import { openRemoteBuckets } from './redis-buckets.ts'
import { SharedBuckets } from './shared-buckets.ts'
import { createUpstash } from './upstash.ts'

type CacheConfig = Pick<
  Config,
  | 'CACHE_MEMORY_ENTRIES'
  | 'CACHE_MEMORY_BYTES'
  | 'CACHE_TTL_SECONDS'
  | 'CACHE_TIMEOUT_MS'
  | 'CACHE_PREFIX'
  | 'REDIS_URL'
  | 'UPSTASH_REDIS_REST_URL'
  | 'UPSTASH_REDIS_REST_TOKEN'
>

/** The rate limit's buckets: shared by replicas where a shared cache is configured, else this process's own. */
export function openBuckets(
  config: CacheConfig,
  textsPerMinute: number,
  { metrics, log }: Pick<CacheDeps<never>, 'metrics' | 'log'>,
): Buckets & { close(): void } {
  const remote = openRemoteBuckets(config, textsPerMinute)
  if (!remote) return Object.assign(new LocalBuckets(textsPerMinute), { close() {} })
  return new SharedBuckets(remote, {
    textsPerMinute,
    timeoutMs: config.CACHE_TIMEOUT_MS,
    onLocal: (local) => metrics.rateLimitLocal.set(local ? 1 : 0),
    log,
  })
}

interface CacheDeps<Value> {
  readonly codec: Codec<Value>
  readonly metrics: Metrics
  readonly log: Logger
}

/** The in-process cache (near cache); `undefined` if it is configured to hold no entries. */
export function createMemory<Value extends NonNullable<unknown>>(
  config: CacheConfig,
  sizeOf: (value: Value) => number,
): Memory<Value> | undefined {
  if (config.CACHE_MEMORY_ENTRIES === 0) return undefined
  return new Memory({
    maxEntries: config.CACHE_MEMORY_ENTRIES,
    maxBytes: config.CACHE_MEMORY_BYTES,
    ttlSeconds: config.CACHE_TTL_SECONDS,
    sizeOf,
  })
}

/** The cache that replicas share, behind a circuit breaker; `undefined` if none is configured. */
export function openRedisCache<Value>(
  config: CacheConfig,
  { codec, metrics, log }: CacheDeps<Value>,
): Cache<Value> | undefined {
  const remote = openRemote(config, log)
  if (!remote) return undefined
  const protectedCache = withCircuitBreaker(remote, {
    timeoutMs: config.CACHE_TIMEOUT_MS,
    onOpen: (open) => metrics.cacheBreakerOpen.set(open ? 1 : 0),
    log,
  })
  return measured(decoded(protectedCache, codec), metrics)
}

function openRemote(config: CacheConfig, log: Logger): Cache<string> | undefined {
  const { REDIS_URL, UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = config
  if (REDIS_URL) return openRedis(REDIS_URL, config.CACHE_TTL_SECONDS, log)
  if (url && token) return createUpstash({ url, token }, config.CACHE_TTL_SECONDS)
  return undefined
}
