import type { Metrics } from '../telemetry/metrics.ts'
import type { Cache, Hit } from './cache.ts'

/** Counts and times every operation of one tier. */
export function measured(cache: Cache, tier: Hit['tier'], metrics: Metrics): Cache {
  return {
    ...cache,
    async getMany(keys) {
      const stopTimer = metrics.cacheSeconds.startTimer({ tier, operation: 'get' })
      try {
        const hits = await cache.getMany(keys)
        const found = hits.filter((hit) => hit !== undefined).length
        metrics.cacheLookups.inc({ tier, result: 'hit' }, found)
        metrics.cacheLookups.inc({ tier, result: 'miss' }, keys.length - found)
        return hits
      } catch (error) {
        metrics.cacheLookups.inc({ tier, result: 'error' }, keys.length)
        throw error
      } finally {
        stopTimer()
      }
    },
    async setMany(entries) {
      const stopTimer = metrics.cacheSeconds.startTimer({ tier, operation: 'set' })
      try {
        await cache.setMany(entries)
      } finally {
        stopTimer()
      }
    },
  }
}
