import { afterAll, describe, expect, it } from 'vitest'
import { createMemory } from '../../app/cache/memory.ts'

const backends = [{ name: 'memory', open: () => createMemory({ maxEntries: 100, ttlSeconds: 60 }) }]

/** What every cache must do, whatever it is made of. */
describe.each(backends)('the $name cache', ({ name, open }) => {
  const cache = open()
  afterAll(() => cache.close())

  it('answers in the order of the keys, and undefined for what it does not know', async () => {
    await cache.setMany(new Map(Object.entries({ a: '1', b: '2' })))
    const hits = await cache.getMany(['b', 'nobody', 'a'])
    expect(hits).toEqual([{ value: '2', tier: name }, undefined, { value: '1', tier: name }])
  })

  it('replaces a value', async () => {
    await cache.setMany(new Map([['c', 'old']]))
    await cache.setMany(new Map([['c', 'new']]))
    expect(await cache.getMany(['c'])).toMatchObject([{ value: 'new' }])
  })

  it('answers no keys with no values', async () => {
    expect(await cache.getMany([])).toEqual([])
  })
})
