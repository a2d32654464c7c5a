import { describe, expect, it } from 'vitest'
import { Throughput } from '../../app/scheduler/throughput.ts'
import { fakeClock } from '../fakes.ts'

/** Runs batches of ten tokens that each take `milliseconds`, then returns tokens per millisecond. */
function measure(milliseconds: number, saturated: boolean): number {
  const clock = fakeClock()
  const throughput = new Throughput(1, clock.now)
  for (let batch = 0; batch < 1000; batch++) {
    throughput.count(10, saturated)
    clock.pass(milliseconds)
  }
  return throughput.tokensPerMs
}

describe('throughput', () => {
  it('starts with the calibrated value', () => {
    expect(new Throughput(3, fakeClock().now).tokensPerMs).toBe(3)
  })

  it('follows the batches while more wait', () => {
    expect(measure(2, true)).toBeCloseTo(5, 2)
  })

  it('does not count idle time', () => {
    expect(measure(2, false)).toBe(1)
  })
})
