import type { Metrics } from '../telemetry/metrics.ts'
import type { Cache } from './cache.ts'

/** Counts and times every operation of a cache. */
export function measured<Value>(cache: Cache<Value>, metrics: Metrics): Cache<Value> {
  const { tier } = cache
  const seconds = {
    get: metrics.cacheSeconds.series({ tier, operation: 'get' }),
    set: metrics.cacheSeconds.series({ tier, operation: 'set' }),
  }
  const lookups = {
    hit: metrics.cacheLookups.series({ tier, result: 'hit' }),
    miss: metrics.cacheLookups.series({ tier, result: 'miss' }),
    error: metrics.cacheLookups.series({ tier, result: 'error' }),
  }
  const time = async <T>(operation: keyof typeof seconds, work: Promise<T>): Promise<T> => {
    const startedAt = performance.now()
    try {
      return await work
    } catch (error) {
      metrics.cacheErrors.inc({ tier, operation })
      throw error
    } finally {
      seconds[operation].observe((performance.now() - startedAt) / 1000)
    }
  }

  return {
    tier,
    async getMany(keys) {
      try {
        const values = await time('get', cache.getMany(keys))
        const hits = values.filter((value) => value !== undefined).length
        lookups.hit.inc(hits)
        lookups.miss.inc(keys.length - hits)
        return values
      } catch (error) {
        lookups.error.inc(keys.length)
        throw error
      }
    },
    setMany: (entries) => time('set', cache.setMany(entries)),
    close: () => cache.close(),
  }
}
