import { LRUCache } from 'lru-cache'
import type { Cache, Hit } from './cache.ts'
import { jittered } from './ttl.ts'

/** A cache of this process alone; the least recently used entry goes first. */
export function createMemory(options: { maxEntries: number; ttlSeconds: number }): Cache {
  const entries = new LRUCache<string, Hit>({ max: options.maxEntries })

  return {
    tiers: ['memory'],
    async getMany(keys) {
      return keys.map((key) => entries.get(key))
    },
    async setMany(fresh) {
      for (const [key, value] of fresh) {
        entries.set(key, { value, tier: 'memory' }, { ttl: jittered(options.ttlSeconds) * 1000 })
      }
    },
    async close() {
      entries.clear()
    },
  }
}
