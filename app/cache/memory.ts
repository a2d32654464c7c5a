import { LRUCache } from 'lru-cache'
import type { Cache } from './cache.ts'
import { jittered } from './ttl.ts'

interface MemoryOptions<Value> {
  readonly maxEntries: number
  readonly maxBytes: number
  readonly ttlSeconds: number
  /** Approximate bytes of a value. */
  readonly sizeOf: (value: Value) => number
  /** Called after each write with the size of the cache and the evictions since the last write. */
  readonly onWrite?: (state: MemoryState) => void
  /** Milliseconds. */
  readonly now?: () => number
}

interface MemoryState {
  readonly entries: number
  readonly bytes: number
  readonly evicted: number
}

/**
 * Overhead of an entry besides its value: an entry of two scores takes 280 bytes of heap on Node
 * 24.
 */
const ENTRY_BYTES = 250

/** In-process LRU cache, bounded in entries and in bytes. */
export function createMemory<Value extends NonNullable<unknown>>(
  options: MemoryOptions<Value>,
): Cache<Value> {
  const { maxEntries, maxBytes, ttlSeconds, sizeOf, onWrite, now } = options
  let evicted = 0
  const entries = new LRUCache<string, Value>({
    max: maxEntries,
    maxSize: maxBytes,
    sizeCalculation: (value) => ENTRY_BYTES + sizeOf(value),
    dispose(_value, _key, reason) {
      if (reason === 'evict') evicted++
    },
    ...(now && { perf: { now } }),
  })

  return {
    tier: 'memory',
    async getMany(keys) {
      return keys.map((key) => entries.get(key))
    },
    async setMany(added) {
      for (const [key, value] of added) {
        entries.set(key, value, { ttl: jittered(ttlSeconds) * 1000 })
      }
      onWrite?.({ entries: entries.size, bytes: entries.calculatedSize, evicted })
      evicted = 0
    },
    async close() {
      entries.clear()
    },
  }
}
