import { describe, expect, it } from 'vitest'
import { NOT_BLANK } from '../../app/blank.ts'
import { isBlank, MOST_LINES, toBatches, toLines } from '../../app/web/lines.js'

const limits = { maxChars: 10 }

describe('the lines of the field', () => {
  it('are numbered as they stand, without those that show nothing', () => {
    expect(toLines('a\r\n \u200b\n\nb', limits)).toEqual([
      { number: 1, text: 'a' },
      { number: 4, text: 'b' },
    ])
  })

  it('are not sent if they are too long, counted in code points', () => {
    const [long, short] = toLines(`${'a'.repeat(11)}\n${'😀'.repeat(10)}`, limits)
    expect([long?.problem, short?.problem]).toEqual([
      'Longer than 10 characters: it was not sent.',
      undefined,
    ])
  })

  it('have an end', () => {
    expect(toLines('a\n'.repeat(5000), limits)).toHaveLength(MOST_LINES)
  })

  it('are text that can be sent, also if half a character was typed', () => {
    expect(toLines('a\ud800', limits)[0]?.text).toBe('a\ufffd')
  })
})

it('calls blank what the service calls blank', () => {
  const differing: number[] = []
  for (let code = 0; code <= 0x10ffff; code++) {
    if (code >= 0xd800 && code <= 0xdfff) continue
    const character = String.fromCodePoint(code)
    if (isBlank(character) === NOT_BLANK.test(character)) differing.push(code)
  }
  expect(differing).toEqual([])
})

describe('the requests for many texts', () => {
  const sizes = (texts: string[], maxTexts: number, maxBytes: number) =>
    toBatches(texts, { maxTexts, maxBytes }).map(({ length }) => length)

  it('hold as many as the service takes', () => {
    expect(sizes(Array(7).fill('a'), 3, 1000)).toEqual([3, 3, 1])
  })

  it('stay below its bytes', () => {
    expect(sizes(Array(4).fill('é'.repeat(100)), 100, 1000)).toEqual([2, 2])
  })

  it('hold one at least, however long', () => {
    expect(sizes(['a'.repeat(900), 'b'], 100, 1000)).toEqual([1, 1])
  })
})
