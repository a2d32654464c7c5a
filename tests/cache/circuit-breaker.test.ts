import { expect, it } from 'vitest'
import { withCircuitBreaker } from '../../app/cache/circuit-breaker.ts'
import { fakeCache, settled, silent } from '../fakes.ts'

const DOWN = new Error('down')

function setup() {
  const clock = { ms: 0 }
  const fake = fakeCache<string>('redis')
  const openings: boolean[] = []
  const cache = withCircuitBreaker(fake.cache, {
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

const OPEN = 'The cache circuit breaker is open.'

it('a circuit breaker opens after three consecutive failures, and fails fast', async () => {
  const { fake, openings, ask } = setup()
  fake.fail(DOWN)
  expect([await ask(), await ask(), await ask(), await ask()]).toEqual([
    ...Array(3).fill('down'),
    OPEN,
  ])
  expect(fake.lookups).toBe(3)
  expect(openings).toEqual([true])
})

it('a circuit breaker stays closed while failures are not consecutive', async () => {
  const { fake, openings, ask } = setup()
  for (const error of [DOWN, DOWN, undefined, DOWN, DOWN, undefined]) {
    fake.fail(error)
    await ask()
  }
  expect(openings).toEqual([])
})

it('an open circuit breaker sends one half-open probe per second, in the background', async () => {
  const { clock, fake, ask } = setup()
  fake.fail(DOWN)
  for (let i = 0; i < 3; i++) await ask()
  clock.ms = 1000
  expect([await ask(), await ask(), await ask()]).toEqual([OPEN, OPEN, OPEN])
  expect(fake.lookups).toBe(4)
})

it('a circuit breaker closes when a half-open probe succeeds', async () => {
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

it('a lookup in a cache that does not respond times out', async () => {
  const { fake, ask } = setup()
  fake.hang()
  expect(await ask()).toBe('No answer within 10 ms.')
})

it('failed writes do not open the circuit breaker', async () => {
  const { fake, cache, ask } = setup()
  fake.failWrites(DOWN)
  for (let i = 0; i < 5; i++) await cache.setMany(new Map([['a', '1']])).catch(() => undefined)
  expect(await ask()).toBe('answered')
})
