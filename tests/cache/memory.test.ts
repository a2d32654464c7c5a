import { expect, it } from 'vitest'
import { createMemory } from '../../app/cache/memory.ts'
import { jittered } from '../../app/cache/ttl.ts'

const create = (options: Partial<Parameters<typeof createMemory<string>>[0]>) =>
  createMemory<string>({
    maxEntries: 100,
    maxBytes: 100_000,
    ttlSeconds: 60,
    sizeOf: (value) => value.length,
    ...options,
  })

it('the memory cache lets the least recently used entry go', async () => {
  const cache = create({ maxEntries: 2 })
  await cache.setMany(new Map(Object.entries({ a: '1', b: '2' })))
  await cache.getMany(['a'])
  await cache.setMany(new Map([['c', '3']]))
  expect(await cache.getMany(['a', 'b', 'c'])).toEqual(['1', undefined, '3'])
})

it('the memory cache lets entries go that are too many bytes together', async () => {
  const cache = create({ maxBytes: 3000 })
  const large = 'x'.repeat(1000)
  await cache.setMany(new Map(Object.entries({ a: large, b: large, c: large })))
  expect(await cache.getMany(['a', 'b', 'c'])).toEqual([undefined, large, large])
})

it('the memory cache tells how full it is, and what had to go', async () => {
  const states: unknown[] = []
  const cache = create({ maxEntries: 2, onWrite: (state) => states.push(state) })
  await cache.setMany(new Map(Object.entries({ a: '1', b: '2', c: '3' })))
  expect(states).toMatchObject([{ entries: 2, evicted: 1 }])
})

it('the memory cache forgets when the time to live is over', async () => {
  const cache = create({ ttlSeconds: 0.01 })
  await cache.setMany(new Map([['a', '1']]))
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(await cache.getMany(['a'])).toEqual([undefined])
})

it.each([
  [0, 90],
  [0.5, 100],
  [1, 110],
])('a time to live is spread by ten per cent: %d gives %d', (random, seconds) => {
  expect(jittered(100, () => random)).toBeCloseTo(seconds)
})
