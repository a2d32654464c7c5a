import { LRUCache } from 'lru-cache'
import type { NearCache, NearCacheState } from './cache.ts'
import { jittered } from './ttl.ts'

interface MemoryOptions<Value> {
  readonly maxEntries: number
  readonly maxBytes: number
  readonly ttlSeconds: number
  /** Approximate bytes of a value. */
  readonly sizeOf: (value: Value) => number
  /** Milliseconds. */
  readonly now?: () => number
}

/**
 * Overhead of an entry besides its key and value: an entry of two scores takes 280 bytes of heap on
 * Node 24.
 */
const ENTRY_BYTES = 250

/** In-process LRU cache by text, bounded in entries and in bytes; keys count as bytes too. */
export class Memory<Value extends NonNullable<unknown>> implements NearCache<Value> {
  readonly #entries: LRUCache<string, Value>
  readonly #ttlSeconds: number
  #evicted = 0

  constructor({ maxEntries, maxBytes, ttlSeconds, sizeOf, now }: MemoryOptions<Value>) {
    this.#ttlSeconds = ttlSeconds
    this.#entries = new LRUCache<string, Value>({
      max: maxEntries,
      maxSize: maxBytes,
      sizeCalculation: (value, text) => ENTRY_BYTES + Buffer.byteLength(text) + sizeOf(value),
      dispose: (_value, _key, reason) => {
        if (reason === 'evict') this.#evicted++
      },
      ...(now && { perf: { now } }),
    })
  }

  get(text: string): Value | undefined {
    return this.#entries.get(text)
  }

  set(text: string, value: Value): void {
    this.#entries.set(text, value, { ttl: jittered(this.#ttlSeconds) * 1000 })
  }

  takeState(): NearCacheState {
    const { size: entries, calculatedSize: bytes } = this.#entries
    const evicted = this.#evicted
    this.#evicted = 0
    return { entries, bytes, evicted }
  }
}
