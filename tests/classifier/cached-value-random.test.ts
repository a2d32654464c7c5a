import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCachedValueReader, toCachedValue } from '../../app/classifier/cached-value.ts'

const LABELS = 3
const read = createCachedValueReader(['a', 'b', 'c'])

/** Scores that sum to 1, as a model gives them. */
const scores = fc
  .array(fc.double({ min: 1e-9, max: 1, noNaN: true }), { minLength: LABELS, maxLength: LABELS })
  .map((parts) => parts.map((part) => part / parts.reduce((sum, one) => sum + one, 0)))

/** What somebody else may have written: JSON of any kind, or a true value with a slip. */
const foreign = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.json(),
  fc.array(fc.double(), { maxLength: 5 }).map((list) => JSON.stringify(list)),
  fc.tuple(scores, fc.nat(80), fc.string({ maxLength: 3 })).map(([list, at, slip]) => {
    const value = toCachedValue({ scores: list, truncated: true })
    return value.slice(0, at) + slip + value.slice(at + 1)
  }),
  fc.tuple(fc.constantFrom(' ', '[', '0', '[0,'), fc.nat(5000)).map(([part, n]) => part.repeat(n)),
)

describe('the reader of cached values', () => {
  it('reads whatever was written', () => {
    fc.assert(
      fc.property(scores, fc.boolean(), (list, truncated) => {
        const prediction = { scores: list, truncated }
        const { json, ...known } = read(toCachedValue(prediction)) ?? {}
        expect(known).toEqual(prediction)
        expect(truncated || JSON.parse(json ?? '')[1].score === list[1]).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('takes nothing that is no prediction, and never throws', () => {
    fc.assert(
      fc.property(foreign, (value) => {
        const { scores: list, json = '[]' } = read(value) ?? { scores: [1, 0, 0] }
        expect(JSON.parse(json)).toBeInstanceOf(Array)
        expect(list).toHaveLength(LABELS)
        expect(list.every((one) => one >= 0 && one <= 1)).toBe(true)
        expect(list.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 5)
      }),
      { numRuns: 1000 },
    )
  })
})
