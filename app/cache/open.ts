import type { Config } from '../config.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import type { Cache } from './cache.ts'
import { measured } from './measured.ts'
import { createMemory } from './memory.ts'

type CacheConfig = Pick<Config, 'CACHE_MEMORY_ENTRIES' | 'CACHE_TTL_SECONDS'>

/** The cache that the environment asks for. */
export async function openCache(config: CacheConfig, metrics: Metrics): Promise<Cache> {
  const memory = createMemory({
    maxEntries: config.CACHE_MEMORY_ENTRIES,
    ttlSeconds: config.CACHE_TTL_SECONDS,
  })
  return measured(memory, 'memory', metrics)
}
