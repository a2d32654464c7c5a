import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Cache } from '../../app/cache/cache.ts'
import { hasRedis } from '../../harness/redis-server.ts'
import { BACKENDS } from './backends.ts'

const names = Object.keys(BACKENDS).filter((name) => hasRedis || name === 'memory')

/** The contract of every cache adapter. */
describe.each(names)('%s', (name) => {
  let cache: Cache<string>
  let close = async (): Promise<unknown> => undefined
  beforeAll(async () => {
    const backend = await BACKENDS[name]?.()
    if (!backend) throw new Error(`There is no ${name}.`)
    cache = backend.cache
    close = backend.close
  })
  afterAll(() => close())

  it('returns values in the order of the keys, and undefined for misses', async () => {
    await cache.setMany(new Map(Object.entries({ a: '1', b: '2' })))
    expect(await cache.getMany(['b', 'nobody', 'a'])).toEqual(['2', undefined, '1'])
  })

  it('replaces a value', async () => {
    await cache.setMany(new Map([['c', 'old']]))
    await cache.setMany(new Map([['c', 'new']]))
    expect(await cache.getMany(['c'])).toEqual(['new'])
  })

  it('returns values unchanged', async () => {
    const values = ['[0.25,0.75]', 'OK', '"', 'é😀', '1']
    const entries = values.map((value, i) => [`k${i}`, value] as const)
    await cache.setMany(new Map(entries))
    expect(await cache.getMany(entries.map(([key]) => key))).toEqual(values)
  })

  it('takes many at once', async () => {
    const entries = Array.from({ length: 60 }, (_, i) => [`many-${i}`, String(i)] as const)
    await cache.setMany(new Map(entries))
    const values = await cache.getMany(entries.map(([key]) => key))
    expect(values).toEqual(entries.map(([, value]) => value))
  })
})
