import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromFragment, LONGEST_LINK, toFragment } from '../../app/web/share.js'

describe('a link', () => {
  it('brings back every line', () => {
    const line = fc.string({ unit: 'binary', maxLength: 20 }).filter((text) => !/[\r\n]/.test(text))
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 5 }), (texts) => {
        const wellFormed = texts.map((text) => text.toWellFormed())
        expect(fromFragment(toFragment(texts) ?? '')).toEqual(wellFormed)
      }),
    )
  })

  it('has its texts in the fragment, escaped', () => {
    expect(toFragment(['<b> & #1'])).toBe('#text=%3Cb%3E+%26+%231')
  })

  it('is not made of texts that are too long for one', () => {
    expect(toFragment(['a'.repeat(LONGEST_LINK)])).toBeUndefined()
  })
})

describe('a fragment that somebody else made', () => {
  it.each(['', '#', '#texts', '#%E0%A4%A', '#other=1'])('has no texts: %s', (fragment) => {
    expect(fromFragment(fragment)).toEqual([])
  })

  it('puts no text on two lines', () => {
    expect(fromFragment('#text=one%0Atwo&text=%FF')).toEqual(['one two', '\ufffd'])
  })
})
