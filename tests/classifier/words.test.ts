import { describe, expect, it } from 'vitest'
import { without, wordsOf } from '../../app/classifier/words.ts'

const listed = (text: string, most?: number) =>
  wordsOf(text, most).map(({ from, to }) => text.slice(from, to))

describe('the words of a text', () => {
  it.each([
    ['I expected better, honestly.', ['I', 'expected', 'better', 'honestly']],
    ["It isn't a 3.5-star film", ['It', "isn't", 'a', '3.5', 'star', 'film']],
    ['so\tgood\n\n', ['so', 'good']],
    ['naïve cafe\u0301 x\u0300\u0301y', ['naïve', 'cafe\u0301', 'x\u0300\u0301y']],
    ['love\u200bit', ['love', 'it']],
    ['我爱这部电影', ['我', '爱', '这', '部', '电影']],
    ['この映画が大好き', ['この', '映画', 'が', '大好き']],
    ['ฉันรักหนังเรื่องนี้', ['ฉัน', 'รัก', 'หนัง', 'เรื่อง', 'นี้']],
    ['أحب هذا الفيلم', ['أحب', 'هذا', 'الفيلم']],
    ['मुझे यह पसंद है', ['मुझे', 'यह', 'पसंद', 'है']],
  ])('of %j are those of Unicode, on every runtime', (text, words) => {
    expect(listed(text)).toEqual(words)
  })

  it.each([
    ['great 😍😍', ['great', '😍', '😍']],
    ['👨‍👩‍👧 👍🏽 ❤️ 🇩🇪', ['👨‍👩‍👧', '👍🏽', '❤️', '🇩🇪']],
  ])('of %j include its emoji', (text, words) => {
    expect(listed(text)).toEqual(words)
  })

  it.each(['', '!!! ...', ':-)', ' \n '])('of %j are none', (text) => {
    expect(listed(text)).toEqual([])
  })

  it('are the first of them where no more are wanted', () => {
    expect(listed('one two three four', 2)).toEqual(['one', 'two'])
  })
})

describe('a text without one of its words', () => {
  it.each([
    ['I love it.', 'I', 'love it.'],
    ['I love it.', 'love', 'I it.'],
    ['I love it.', 'it', 'I love .'],
    ['I love it', 'it', 'I love'],
    ['love', 'love', ''],
    [' love ', 'love', ' '],
    ['not\ngood', 'good', 'not'],
    ['not\n good', 'not', ' good'],
    ['fine,then', 'then', 'fine,'],
    ['a (good) one', 'good', 'a () one'],
    ['top😀 film', '😀', 'top film'],
    ['top 😀film', '😀', 'top film'],
    ['top😀film', '😀', 'topfilm'],
  ])('%j less %j is %j', (text, word, rest) => {
    const from = text.indexOf(word)
    expect(without(text, { from, to: from + word.length })).toBe(rest)
  })
})
