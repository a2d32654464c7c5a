import { describe, expect, it } from 'vitest'
import { countActiveTime } from '../../app/workers/active-time.ts'
import { fakeClock } from '../fakes.ts'

/** A time of 100 ms, looked at every 10. */
function setup() {
  const clock = fakeClock()
  const isUp = countActiveTime(100, 10, clock.now)
  /** Passes time before each look; returns what each said. */
  const look = (...milliseconds: number[]) =>
    milliseconds.map((more) => {
      clock.pass(more)
      return isUp()
    })
  return { look }
}

const times = (count: number, milliseconds: number) => Array<number>(count).fill(milliseconds)

describe('active time', () => {
  it('is up one look after it has passed', () => {
    const { look } = setup()
    expect(look(...times(10, 10))).not.toContain(true)
    expect(look(10)).toEqual([true])
  })

  it('is up no sooner for a pause, however long', () => {
    const { look } = setup()
    expect(look(3_600_000, ...times(9, 10))).not.toContain(true)
    expect(look(10)).toEqual([true])
  })

  it('is not up at a look that comes late, even if nothing else was missing', () => {
    const { look } = setup()
    expect(look(...times(9, 10), 3_600_000)).not.toContain(true)
  })

  it('is up in the end where every look is late', () => {
    const { look } = setup()
    expect(look(...times(11, 50)).at(-1)).toBe(true)
  })

  it('counts no slice twice for looks that come in a burst', () => {
    const { look } = setup()
    expect(look(1000, ...times(50, 0))).not.toContain(true)
  })
})
