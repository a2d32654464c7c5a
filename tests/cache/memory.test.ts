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

it('the memory cache evicts the least recently used entry', async () => {
  const cache = create({ maxEntries: 2 })
  await cache.setMany(new Map(Object.entries({ a: '1', b: '2' })))
  await cache.getMany(['a'])
  await cache.setMany(new Map([['c', '3']]))
  expect(await cache.getMany(['a', 'b', 'c'])).toEqual(['1', undefined, '3'])
})

it('the memory cache evicts entries when they exceed its bytes', async () => {
  const cache = create({ maxBytes: 3000 })
  const large = 'x'.repeat(1000)
  await cache.setMany(new Map(Object.entries({ a: large, b: large, c: large })))
  expect(await cache.getMany(['a', 'b', 'c'])).toEqual([undefined, large, large])
})

it('the memory cache reports its size and evictions', async () => {
  const states: unknown[] = []
  const cache = create({ maxEntries: 2, onWrite: (state) => states.push(state) })
  await cache.setMany(new Map(Object.entries({ a: '1', b: '2', c: '3' })))
  expect(states).toMatchObject([{ entries: 2, evicted: 1 }])
})

/** How many of a hundred entries, written at once to live for 100 s, are left after so many seconds. */
async function leftAfter(seconds: number): Promise<number> {
  const clock = { ms: 1 }
  const cache = create({ ttlSeconds: 100, now: () => clock.ms })
  const keys = Array.from({ length: 100 }, (_, i) => `key ${i}`)
  await cache.setMany(new Map(keys.map((key) => [key, 'value'])))
  clock.ms += seconds * 1000
  // The library asks the clock again only after a millisecond of the machine's own time.
  await new Promise((resolve) => setTimeout(resolve, 2))
  return (await cache.getMany(keys)).filter((value) => value !== undefined).length
}

it.each([
  [89, 100],
  [111, 0],
])(
  'of entries that live for 100 s the memory cache knows after %d s %d of 100',
  async (at, left) => {
    expect(await leftAfter(at)).toBe(left)
  },
)

it('the memory cache forgets entries of one write at different times', async () => {
  const left = await leftAfter(100)
  expect(left).toBeGreaterThan(0)
  expect(left).toBeLessThan(100)
})

it.each([
  [0, 90],
  [0.5, 100],
  [1, 110],
])('a time to live is spread by ten per cent: %d gives %d', (random, seconds) => {
  expect(jittered(100, () => random)).toBeCloseTo(seconds)
})
