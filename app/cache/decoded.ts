import type { Cache } from './cache.ts'

/** Values as strings and back. */
export interface Codec<Value> {
  readonly encode: (value: Value) => string
  /** `undefined` for a string that can't be decoded. */
  readonly decode: (text: string) => Value | undefined
}

/**
 * Values in a cache of strings. A string that can't be decoded is a miss, so it gets overwritten.
 */
export function decoded<Value>(
  cache: Cache<string>,
  { encode, decode }: Codec<Value>,
): Cache<Value> {
  return {
    tier: cache.tier,
    async getMany(keys) {
      const texts = await cache.getMany(keys)
      return texts.map((text) => (text === undefined ? undefined : decode(text)))
    },
    setMany: (entries) =>
      cache.setMany(new Map([...entries].map(([key, value]) => [key, encode(value)]))),
    close: () => cache.close(),
  }
}
