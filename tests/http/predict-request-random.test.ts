import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPlainRequest } from '../../app/http/predict-request.ts'
import { predictRequest } from '../../app/http/schema.ts'

const LIMITS = { maxTexts: 3, maxChars: 8, maxBodyBytes: 1000 }
const schema = predictRequest(LIMITS)

const text = fc.oneof(
  fc.string({ maxLength: 10 }),
  fc.string({ unit: 'binary', maxLength: 10 }),
  fc.constantFrom('', ' ', '\u200b', '\u3164', '\u0000', '\ud800', '😀'.repeat(8), 'x'.repeat(9)),
)
const anything = fc.anything({ maxDepth: 1, maxKeys: 2 })
const texts = fc.array(fc.oneof(text, anything), { maxLength: 5 })

/** What a caller may send: the right shape more often than not. */
const body = fc.oneof(
  fc.array(text, { maxLength: 4 }).map((list) => ({ text: list })),
  fc.record({ text: texts, truncate: anything }, { requiredKeys: [] }),
  fc.dictionary(fc.constantFrom('text', 'truncate', 'texts', '__proto__'), anything),
  anything,
  fc.json({ maxDepth: 1 }).map((json): unknown => JSON.parse(json)),
)

describe('a request that is plainly right', () => {
  it('is right by the schema too, and the same', () => {
    fc.assert(
      fc.property(body, (value) => {
        if (isPlainRequest(value, LIMITS)) expect(schema.parse(value)).toEqual(value)
      }),
      { numRuns: 1000 },
    )
  })

  it.each([[['a']], [['a', 'b', 'c']], [[]], [['😀'.repeat(4)]]])('is seen in %j', (list) => {
    expect(isPlainRequest({ text: list }, LIMITS)).toBe(true)
  })

  it.each([['a'], [['']], [['\u200b']], [['a', 'b', 'c', 'd']], [['x'.repeat(9)]], [[1]], [null]])(
    'is not seen in the text %j',
    (list) => {
      expect(isPlainRequest({ text: list }, LIMITS)).toBe(false)
    },
  )
})
