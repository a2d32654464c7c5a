import { describe, expect, it } from 'vitest'
import { RunCost } from '../../app/scheduler/run-cost.ts'
import { runsThatCost } from './fake-pools.ts'

/** Runs of ten to sixty tokens, over and over; `msOf` says how long each takes. */
function follow(cost: RunCost, msOf: (tokens: number, run: number) => number): number {
  for (let run = 0; run < 5000; run++) {
    const tokens = 10 + ((run * 7) % 51)
    cost.count({ tokens, ms: msOf(tokens, run) })
  }
  return cost.runTokens
}

describe('the cost of a run', () => {
  it('is first what was measured before', () => {
    expect(new RunCost(runsThatCost(20)).runTokens).toBeCloseTo(20)
  })

  it.each([0, 5, 25])('is measured anew in service, if it is %i tokens then', (now) => {
    const cost = new RunCost(runsThatCost(12))
    expect(follow(cost, (tokens) => now + tokens)).toBeCloseTo(now, 0)
  })

  it('does not depend on how slow the machine is', () => {
    const cost = new RunCost(runsThatCost(12))
    expect(follow(cost, (tokens) => 4 * (12 + tokens))).toBeCloseTo(12, 0)
  })

  it('is hardly moved by a run that was interrupted', () => {
    const cost = new RunCost(runsThatCost(12))
    cost.count({ tokens: 64, ms: 10_000 })
    expect(Math.abs(cost.runTokens - 12)).toBeLessThan(3)
  })

  it('says nothing about large batches, nor they about it', () => {
    const cost = new RunCost(runsThatCost(12))
    for (let run = 0; run < 1000; run++) cost.count({ tokens: 65 + run, ms: 1 })
    expect(cost.runTokens).toBeCloseTo(12)
  })

  it('stays what it was while all runs are of one size', () => {
    const cost = new RunCost(runsThatCost(12))
    for (let run = 0; run < 10_000; run++) cost.count({ tokens: 20, ms: 32 + (run % 3) })
    expect(cost.runTokens).toBeCloseTo(12, -1)
  })

  it('is bounded, whatever a busy machine makes of it', () => {
    expect(follow(new RunCost(runsThatCost(12)), () => 100)).toBeLessThanOrEqual(32)
    expect(follow(new RunCost(runsThatCost(12)), (tokens) => tokens ** 2)).toBe(0)
  })
})
