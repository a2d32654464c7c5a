import { zip } from '../zip.ts'
import type { Cache, Hit } from './cache.ts'

/**
 * Asks the near cache first, and the far one only for what is missing, which the near one then
 * keeps. A far cache that fails knows nothing; its own measuring tells of the failure.
 */
export function tiered(near: Cache, far: Cache): Cache {
  async function askFar(keys: readonly string[]): Promise<ReadonlyMap<string, Hit>> {
    if (keys.length === 0) return new Map()
    const hits = await far.getMany(keys).catch(() => keys.map(() => undefined))
    return new Map(zip(keys, hits).flatMap(([key, hit]) => (hit ? [[key, hit] as const] : [])))
  }

  return {
    tiers: [...near.tiers, ...far.tiers],
    async getMany(keys) {
      const hits = await near.getMany(keys)
      const found = await askFar(keys.filter((_, i) => !hits[i]))
      if (found.size > 0) {
        await near.setMany(new Map([...found].map(([key, { value }]) => [key, value])))
      }
      return zip(keys, hits).map(([key, hit]) => hit ?? found.get(key))
    },
    async setMany(entries) {
      await near.setMany(entries)
      await far.setMany(entries).catch(() => {}) // What it does not keep is asked of the model again.
    },
    async close() {
      await Promise.all([near.close(), far.close()])
    },
  }
}
