import type { Config } from '../config.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import type { Cache } from './cache.ts'
import { measured } from './measured.ts'
import { createMemory } from './memory.ts'
import { openRedis } from './redis.ts'
import { tiered } from './tiered.ts'
import { createUpstash } from './upstash.ts'

type CacheConfig = Pick<
  Config,
  | 'CACHE_MEMORY_ENTRIES'
  | 'CACHE_TTL_SECONDS'
  | 'CACHE_TIMEOUT_MS'
  | 'REDIS_URL'
  | 'UPSTASH_REDIS_REST_URL'
  | 'UPSTASH_REDIS_REST_TOKEN'
>

/** The cache that the environment asks for: this process's memory, before a shared one if there is any. */
export function openCache(config: CacheConfig, metrics: Metrics, log: Logger): Cache {
  const { CACHE_MEMORY_ENTRIES: maxEntries, CACHE_TTL_SECONDS: ttlSeconds } = config
  const memory = measured(createMemory({ maxEntries, ttlSeconds }), 'memory', metrics)
  const shared = openShared(config, log)
  return shared ? tiered(memory, measured(shared, 'redis', metrics)) : memory
}

function openShared(config: CacheConfig, log: Logger): Cache | undefined {
  const { REDIS_URL, UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = config
  const options = { ttlSeconds: config.CACHE_TTL_SECONDS, timeoutMs: config.CACHE_TIMEOUT_MS }
  if (REDIS_URL) return openRedis(REDIS_URL, options, log)
  if (url && token) return createUpstash({ url, token }, options)
  return undefined
}
