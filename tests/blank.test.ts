import { describe, expect, it } from 'vitest'
import { NOT_BLANK } from '../app/blank.ts'
import { createTestApp, post } from './fakes.ts'

const UNICODE_BLANK = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Zs}\p{Zl}\p{Zp}]/u
const LAST_CODE_POINT = 0x10ffff

describe('a text', () => {
  it.each([
    ['nothing', ''],
    ['a zero-width space', '\u200b'],
    ['a Hangul filler', '\u3164'],
    ['a next line', '\u0085'],
    ['a file separator', '\u001c'],
    ['a null', '\u0000'],
    ['a byte order mark', '\ufeff'],
    ['a variation selector', '\ufe0f'],
    ['a soft hyphen', '\u00ad'],
    ['a tag above U+FFFF', '\u{e0041}'],
    ['several of them', ' \u200d\t\u2060\u{e0100}\u00a0'],
  ])('that shows nothing is blank: %s', async (_, text) => {
    const response = await post(createTestApp(), JSON.stringify({ text: ['a', text] }))
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({
      errors: [{ path: 'text[1]', message: 'Must not be blank.' }],
    })
  })

  it.each(['a', '\u200ba', '👍🏽', '\u0301', '☺\ufe0f', '。'])(
    'that shows something is not: %s',
    async (text) => {
      expect((await post(createTestApp(), JSON.stringify({ text: [text] }))).status).toBe(200)
    },
  )

  it('is blank by Unicode’s own properties', () => {
    const differing: number[] = []
    for (let codePoint = 0; codePoint <= LAST_CODE_POINT; codePoint++) {
      const text = String.fromCodePoint(codePoint)
      if (NOT_BLANK.test(text) === UNICODE_BLANK.test(text)) differing.push(codePoint)
    }
    expect(differing).toEqual([])
  })
})
