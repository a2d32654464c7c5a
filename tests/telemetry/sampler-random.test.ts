import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createSampler } from '../../app/telemetry/sampler.ts'

const steps = fc.array(fc.record({ pauseMs: fc.nat(700), ask: fc.boolean() }), { maxLength: 200 })

type Step = typeof steps extends fc.Arbitrary<(infer T)[]> ? T : never

/** The windows of the events that were taken, and how many others there were. */
function play(list: readonly Step[], most: number) {
  const clock = { ms: 0 }
  const sampler = createSampler(most, 1000, () => clock.ms)
  const taken: number[] = []
  let skipped = 0
  for (const { pauseMs, ask } of list) {
    clock.ms += pauseMs
    if (sampler.take()) taken.push(Math.floor(clock.ms / 1000))
    if (ask) skipped += sampler.skipped()
  }
  return { taken, skipped: skipped + sampler.skipped() }
}

it('a sampler takes no more than its limit in a window', () => {
  fc.assert(
    fc.property(steps, fc.nat(5), (list, most) => {
      const { taken } = play(list, most)
      const sums = [...new Set(taken)].map((window) => taken.filter((one) => one === window).length)
      expect(Math.max(0, ...sums)).toBeLessThanOrEqual(most)
    }),
    { numRuns: 300 },
  )
})

it('a sampler takes or counts each event once', () => {
  fc.assert(
    fc.property(steps, fc.nat(5), (list, most) => {
      const { taken, skipped } = play(list, most)
      expect(taken.length + skipped).toBe(list.length)
    }),
    { numRuns: 300 },
  )
})
