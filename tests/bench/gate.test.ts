import { describe, expect, it } from 'vitest'
import { type Gate, judge, tableOf } from '../../bench/gate.ts'

const gate: Gate = {
  goal: 'texts/s over the anchor',
  runtime: 'bun',
  limit: { atLeast: 1 },
  rounds: [],
}

describe('a gate', () => {
  it('is met at its limit', () => {
    expect(judge({ ...gate, rounds: [1] }).verdict).toBe('met')
  })

  it('is missed below a limit from below', () => {
    expect(judge({ ...gate, rounds: [0.9] }).verdict).toBe('missed')
  })

  it('is missed above a limit from above', () => {
    expect(judge({ ...gate, limit: { atMost: 2 }, rounds: [2.1] }).verdict).toBe('missed')
  })

  it('goes by the median of its rounds', () => {
    expect(judge({ ...gate, rounds: [5, 1.1, 0.2] }).figure).toBe(1.1)
  })

  it('is neither met nor missed if nothing was measured', () => {
    expect(judge(gate).verdict).toBe('not measured')
  })

  it('is neither met nor missed if a figure is not a number', () => {
    expect(judge({ ...gate, rounds: [Number.NaN] }).verdict).toBe('not measured')
  })
})

describe('the table of gates', () => {
  it('has a line for each, with figure and limit', () => {
    const verdicts = [judge({ ...gate, rounds: [1.234] }), judge(gate)]
    expect(tableOf(verdicts)).toBe(
      'met            1.23  >= 1.00  bun   texts/s over the anchor\n' +
        'not measured      -  >= 1.00  bun   texts/s over the anchor\n',
    )
  })

  it('says how far the rounds lie apart', () => {
    expect(tableOf([judge({ ...gate, rounds: [1.5, 1.25, 1] })])).toBe(
      'met            1.25  >= 1.00  bun   texts/s over the anchor (1.00 to 1.50)\n',
    )
  })
})
