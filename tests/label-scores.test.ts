import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createScoresWriter } from '../app/label-scores.ts'

it('scores are written as JSON, each with its label', () => {
  const label = fc.string({ unit: 'binary', maxLength: 8 })
  const pairs = fc.array(fc.record({ label, score: fc.double() }), { maxLength: 4 })
  fc.assert(
    fc.property(pairs, (list) => {
      const toJson = createScoresWriter(list.map(({ label }) => label))
      // What is no finite number is null, and -0 is 0, as in all JSON.
      expect(toJson(list.map(({ score }) => score))).toBe(JSON.stringify(list))
    }),
  )
})
