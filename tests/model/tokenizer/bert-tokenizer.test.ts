import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { BertSettings } from '../../../model/tokenizer/bert-settings.ts'
import { createBertTokenizer, takeUntil } from '../../../model/tokenizer/bert-tokenizer.ts'
import type { Reading } from '../../../model/tokenizer/tokenized-text.ts'
import { WordPiece } from '../../../model/tokenizer/word-piece.ts'

const FILE = join(import.meta.dirname, '../../../model/sst2-minilm/tokenizer.json')
const contents = z
  .looseObject({ added_tokens: z.array(z.looseObject({})) })
  .parse(JSON.parse(readFileSync(FILE, 'utf8')))

const LIMIT = 16
const TRUNCATE = { maxTokens: LIMIT, longTexts: 'truncate' } as const
const WINDOW = { maxTokens: LIMIT, longTexts: 'window' } as const
const encode = (text: string, reading: Reading = TRUNCATE) =>
  createBertTokenizer(contents, reading)?.(text) ?? { ids: [], truncated: false }

const words = (count: number) => Array(count).fill('good').join(' ')
/** Removed before anything is read: controls, marks, a byte order mark, half an emoji made U+FFFD. */
const REMOVED = ' \u0000\u200b\u0301\u0323\ufeff\ufffd '.repeat(1000)

describe('a BERT tokenizer at its limit', () => {
  it.each([
    { what: 'exactly as many words as fit', text: words(LIMIT - 2), tokens: LIMIT, cut: false },
    { what: 'one word more', text: words(LIMIT - 1), tokens: LIMIT, cut: true },
    {
      what: 'as many as fit, and a long rest without a token',
      text: words(LIMIT - 2) + REMOVED,
      tokens: LIMIT,
      cut: false,
    },
    {
      what: 'as many as fit, a long rest without a token, and a word',
      text: `${words(LIMIT - 2)}${REMOVED}bad`,
      tokens: LIMIT,
      cut: true,
    },
    {
      what: 'as many as fit, and a special token',
      text: `${words(LIMIT - 2)}[MASK]`,
      tokens: LIMIT,
      cut: true,
    },
    { what: 'nothing but removed characters', text: REMOVED, tokens: 2, cut: false },
    { what: 'nothing', text: '', tokens: 2, cut: false },
    { what: 'one endless word', text: 'q'.repeat(20_000), tokens: 3, cut: false },
  ])('reads $what as $tokens tokens, truncated: $cut', ({ text, tokens, cut }) => {
    const { ids, truncated } = encode(text)
    expect([ids.length, ids[0], ids.at(-1), truncated]).toEqual([tokens, 101, 102, cut])
  })

  it.each([
    { what: 'as many words as fit', count: LIMIT - 2, windows: [[0, LIMIT - 2]], cut: false },
    {
      what: 'one word more',
      count: LIMIT - 1,
      windows: [
        [0, 14],
        [1, 15],
      ],
      cut: false,
    },
    {
      what: 'as many as two windows hold',
      count: 28,
      windows: [
        [0, 14],
        [14, 28],
      ],
      cut: false,
    },
    {
      what: 'one more than that',
      count: 29,
      windows: [
        [0, 14],
        [15, 29],
      ],
      cut: true,
    },
  ])('reads the begin and the end of $what, in windows', ({ count, windows, cut }) => {
    const digits = Array.from({ length: count }, (_, i) => String.fromCodePoint(0x4e00 + i))
    const all = encode(digits.join(''), { ...WINDOW, maxTokens: 512 }).ids.slice(1, -1)
    expect(all).toHaveLength(count)
    expect(encode(digits.join(''), WINDOW)).toEqual({
      ids: windows.flatMap(([from, to]) => [101, ...all.slice(from, to), 102]),
      truncated: cut,
    })
  })

  it('reads no word after the one that exceeds it', () => {
    let read = 0
    function* endless() {
      for (;;) {
        if (++read > 100) throw new Error('It reads on.')
        yield [1, 2]
      }
    }
    expect(takeUntil(5, endless())).toHaveLength(6)
    expect(read).toBe(3)
  })
})

describe('WordPiece', () => {
  it('takes no more steps for a word than its length times the longest piece', () => {
    const { model } = BertSettings.parse(contents)
    const longest = Math.max(...Object.keys(model.vocab).map((piece) => piece.length))
    const wordPiece = new WordPiece(model)
    for (const word of ['q'.repeat(100), 'counterrevolutionari'.repeat(5), 'qxzjvk'.repeat(16)]) {
      let steps = 0
      wordPiece.idsOf({
        length: word.length,
        charCodeAt(index) {
          steps++
          return word.charCodeAt(index)
        },
      })
      expect(steps).toBeLessThanOrEqual(word.length * longest)
    }
  })
})

describe('a tokenizer that is not quite of the BERT class', () => {
  const token = contents.added_tokens[0]
  it.each([
    { what: 'another normalizer', change: { normalizer: { type: 'NFC' } } },
    { what: 'no normalizer', change: { normalizer: null } },
    { what: 'another pre-tokenizer', change: { pre_tokenizer: { type: 'Whitespace' } } },
    { what: 'another model', change: { model: { type: 'BPE', vocab: {}, merges: [] } } },
    { what: 'other special tokens', change: { post_processor: null } },
    {
      what: 'a token for whole words',
      change: { added_tokens: [{ ...token, single_word: true }] },
    },
    {
      what: 'a token of the normalized text',
      change: { added_tokens: [{ ...token, normalized: true }] },
    },
    {
      what: 'a token that takes the space before it',
      change: { added_tokens: [{ ...token, lstrip: true }] },
    },
  ])('is left to the library: $what', ({ change }) => {
    expect(createBertTokenizer({ ...contents, ...change }, TRUNCATE)).toBeUndefined()
  })
})
