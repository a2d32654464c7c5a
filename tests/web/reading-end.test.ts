import { describe, expect, it } from 'vitest'
import { findReadingEnd } from '../../app/web/reading-end.js'

/** Finds the end of a model that reads so many characters. */
async function find(text: string, most: number) {
  let requests = 0
  const end = await findReadingEnd(text, async (prefixes) => {
    requests++
    return prefixes.map((prefix) => prefix.length <= most)
  })
  return { end, requests }
}

describe('the place where reading ends', () => {
  const text = 'word '.repeat(4000)

  it.each([0, 4, 5, 1234, 10_000, 19_998])(
    'is behind the last word that fits: %i',
    async (most) => {
      const { end, requests } = await find(text, most)
      const ends = [0, ...Array.from(text.matchAll(/ |(?<=d)/g), ({ index }) => index).map(Number)]
      expect(end).toBeLessThanOrEqual(most)
      expect(ends.filter((one) => one > end && one <= most)).toEqual([])
      expect(requests).toBeLessThanOrEqual(6)
    },
  )

  it('is found in a text of one word', async () => {
    expect((await find('a'.repeat(100), 50)).end).toBe(0)
  })
})
