import { expect, it } from 'vitest'
import { Memory } from '../../app/cache/memory.ts'
import { jittered } from '../../app/cache/ttl.ts'

const create = (options: Partial<ConstructorParameters<typeof Memory<string>>[0]>) =>
  new Memory<string>({
    maxEntries: 100,
    maxBytes: 100_000,
    ttlSeconds: 60,
    sizeOf: (value) => value.length,
    ...options,
  })

type Created = ReturnType<typeof create>

const setAll = (cache: Created, values: Record<string, string>) => {
  for (const [text, value] of Object.entries(values)) cache.set(text, value)
}
const getAll = (cache: Created, texts: readonly string[]) => texts.map((text) => cache.get(text))

it('the memory cache evicts the least recently used entry', () => {
  const cache = create({ maxEntries: 2 })
  setAll(cache, { a: '1', b: '2' })
  cache.get('a')
  cache.set('c', '3')
  expect(getAll(cache, ['a', 'b', 'c'])).toEqual(['1', undefined, '3'])
})

it('the memory cache evicts entries when they exceed its bytes', () => {
  const cache = create({ maxBytes: 3000 })
  const large = 'x'.repeat(1000)
  setAll(cache, { a: large, b: large, c: large })
  expect(getAll(cache, ['a', 'b', 'c'])).toEqual([undefined, large, large])
})

it('the memory cache counts the bytes of a text as well', () => {
  const cache = create({ maxBytes: 3000 })
  cache.set('x'.repeat(3000), '1')
  expect(cache.takeState()).toMatchObject({ entries: 0 })
})

it('the memory cache tells its size, and evictions once', () => {
  const cache = create({ maxEntries: 2 })
  setAll(cache, { a: '1', b: '2', c: '3' })
  expect(cache.takeState()).toMatchObject({ entries: 2, evicted: 1 })
  expect(cache.takeState()).toMatchObject({ entries: 2, evicted: 0 })
})

/** How many of a hundred entries, written at once to live for 100 s, are left after so many seconds. */
async function leftAfter(seconds: number): Promise<number> {
  const clock = { ms: 1 }
  const cache = create({ ttlSeconds: 100, now: () => clock.ms })
  const keys = Array.from({ length: 100 }, (_, i) => `key ${i}`)
  for (const key of keys) cache.set(key, 'value')
  clock.ms += seconds * 1000
  // The library asks the clock again only after a millisecond of the machine's own time.
  await new Promise((resolve) => setTimeout(resolve, 2))
  return getAll(cache, keys).filter((value) => value !== undefined).length
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
