import { expect, it } from 'vitest'
import { createSampler } from '../../app/telemetry/sampler.ts'

function setup(perSecond: number) {
  const clock = { ms: 0 }
  const sampler = createSampler(perSecond, 1000, () => clock.ms)
  const take = (times: number) => Array.from({ length: times }, () => sampler.take())
  return { clock, sampler, take }
}

it('a sampler takes the first events of each second', () => {
  const { clock, take } = setup(2)
  expect(take(3)).toEqual([true, true, false])
  clock.ms = 999
  expect(take(1)).toEqual([false])
  clock.ms = 1000
  expect(take(3)).toEqual([true, true, false])
})

it('a sampler reports skipped events once', () => {
  const { sampler, take } = setup(1)
  take(4)
  expect([sampler.skipped(), sampler.skipped()]).toEqual([3, 0])
})

it('a sampler with a limit of 0 takes none', () => {
  expect(setup(0).take(2)).toEqual([false, false])
})
