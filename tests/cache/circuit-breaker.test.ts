import { expect, it } from 'vitest'
import { guarded } from '../../app/cache/circuit-breaker.ts'
import { fakeCache, settled, silent } from '../fakes.ts'

const DOWN = new Error('down')

function setup() {
  const clock = { ms: 0 }
  const fake = fakeCache<string>('redis')
  const openings: boolean[] = []
  const cache = guarded(fake.cache, {
    timeoutMs: 10,
    onOpen: (open) => openings.push(open),
    log: silent,
    now: () => clock.ms,
  })
  const ask = () =>
    cache.getMany(['a']).then(
      () => 'answered',
      (error: Error) => error.message,
    )
  return { clock, fake, openings, cache, ask }
}

const AWAY = 'The cache is away, and not asked.'

it('a guarded cache is not asked after three failures in a row', async () => {
  const { fake, openings, ask } = setup()
  fake.fail(DOWN)
  expect([await ask(), await ask(), await ask(), await ask()]).toEqual([
    ...Array(3).fill('down'),
    AWAY,
  ])
  expect(fake.lookups).toBe(3)
  expect(openings).toEqual([true])
})

it('a guarded cache forgives failures with an answer between', async () => {
  const { fake, openings, ask } = setup()
  for (const error of [DOWN, DOWN, undefined, DOWN, DOWN, undefined]) {
    fake.fail(error)
    await ask()
  }
  expect(openings).toEqual([])
})

it('a guarded cache is tried once a second, behind a request that does not wait', async () => {
  const { clock, fake, ask } = setup()
  fake.fail(DOWN)
  for (let i = 0; i < 3; i++) await ask()
  clock.ms = 1000
  expect([await ask(), await ask(), await ask()]).toEqual([AWAY, AWAY, AWAY])
  expect(fake.lookups).toBe(4)
})

it('a guarded cache is asked again once a try succeeds', async () => {
  const { clock, fake, openings, ask } = setup()
  fake.fail(DOWN)
  for (let i = 0; i < 3; i++) await ask()
  fake.fail(undefined)
  clock.ms = 1000
  await ask()
  await settled()
  expect(await ask()).toBe('answered')
  expect(openings).toEqual([true, false])
})

it('a guarded cache that is silent is waited for no longer than it may', async () => {
  const { fake, ask } = setup()
  fake.hang()
  expect(await ask()).toBe('No answer within 10 ms.')
})

it('a guarded cache that keeps nothing is still asked', async () => {
  const { fake, cache, ask } = setup()
  fake.failWrites(DOWN)
  for (let i = 0; i < 5; i++) await cache.setMany(new Map([['a', '1']])).catch(() => undefined)
  expect(await ask()).toBe('answered')
})
