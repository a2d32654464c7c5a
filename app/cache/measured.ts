import type { Metrics } from '../telemetry/metrics.ts'
import type { Cache } from './cache.ts'

/** Counts and times every operation of a cache. */
export function measured<Value>(cache: Cache<Value>, metrics: Metrics): Cache<Value> {
  const { tier } = cache
  const time = async <T>(operation: string, work: Promise<T>): Promise<T> => {
    const stopTimer = metrics.cacheSeconds.startTimer({ tier, operation })
    try {
      return await work
    } catch (error) {
      metrics.cacheErrors.inc({ tier, operation })
      throw error
    } finally {
      stopTimer()
    }
  }

  return {
    tier,
    async getMany(keys) {
      try {
        const values = await time('get', cache.getMany(keys))
        const hits = values.filter((value) => value !== undefined).length
        metrics.cacheLookups.inc({ tier, result: 'hit' }, hits)
        metrics.cacheLookups.inc({ tier, result: 'miss' }, keys.length - hits)
        return values
      } catch (error) {
        metrics.cacheLookups.inc({ tier, result: 'error' }, keys.length)
        throw error
      }
    },
    setMany: (entries) => time('set', cache.setMany(entries)),
    close: () => cache.close(),
  }
}
