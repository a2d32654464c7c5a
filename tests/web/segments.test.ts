import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitAt, strongestOf, toSegments } from '../../app/web/segments.js'

const word = (from: number, to: number, push: number) => ({ from, to, push, text: '' })

describe('the segments of a text', () => {
  it('are its words and what stands between', () => {
    const words = [word(7, 11, -0.6), word(2, 6, 0.2)]
    expect(toSegments('I like hate.', words).map(({ text, strength }) => [text, strength])).toEqual(
      [
        ['I ', 0],
        ['like', 2],
        [' ', 0],
        ['hate', 3],
        ['.', 0],
      ],
    )
  })

  it('are the text, whatever the words claim, cut or not', () => {
    const any = fc.record({
      from: fc.integer(),
      to: fc.integer(),
      push: fc.double(),
      text: fc.string(),
    })
    const near = fc.record({
      from: fc.integer({ min: -2, max: 12 }),
      to: fc.integer({ min: -2, max: 12 }),
      push: fc.double({ min: -1, max: 1, noNaN: true }),
      text: fc.string(),
    })
    fc.assert(
      fc.property(
        fc.string(),
        fc.array(fc.oneof(any, near)),
        fc.integer(),
        (text, words, place) => {
          const segments = toSegments(text, words)
          const [before, after] = splitAt(segments, place)
          const join = (parts: readonly { text: string }[]) => parts.map((one) => one.text).join('')
          expect(join(segments)).toBe(text)
          expect(join(before) + join(after)).toBe(text)
        },
      ),
    )
  })

  it('have no strong word where nothing moves the score', () => {
    expect(toSegments('a b', [word(0, 1, 0.021)])[0]?.strength).toBe(1)
    expect(toSegments('a b', [word(0, 1, 0.019)])[0]?.strength).toBe(0)
  })
})

it('names the strongest words first, and none that moves nothing', () => {
  const words = [word(0, 1, 0.1), word(1, 2, -0.5), word(2, 3, 0.001)]
  expect(strongestOf(words, 2).map(({ push }) => push)).toEqual([-0.5, 0.1])
})
