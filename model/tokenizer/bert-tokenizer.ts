import { BertSettings } from './bert-settings.ts'
import { BertWords } from './bert-words.ts'
import type { Encode, Reading } from './tokenized-text.ts'
import { Trie } from './trie.ts'
import { toTokenizedText } from './windows.ts'
import { WordPiece } from './word-piece.ts'

/**
 * Letters with a place in canonical order: the reference sorts them, and BertWords does not. It makes
 * no difference as long as no piece has them.
 */
const SORTED_LETTERS =
  /[\u1734\u302e\u302f\u{1171e}\u{16ff0}\u{16ff1}\u{1d165}\u{1d166}\u{1d16d}-\u{1d172}]/u

/**
 * A tokenizer of the BERT class, by the contents of its `tokenizer.json`; `undefined` where that is of
 * another class. Its ids are those of the reference (Hugging Face `tokenizers`); its time grows with
 * the characters that it reads, and where long texts are truncated it reads none after the word that
 * exceeds `maxTokens`.
 */
export function createBertTokenizer(contents: unknown, reading: Reading): Encode | undefined {
  const { success, data: settings } = BertSettings.safeParse(contents)
  if (!success) return undefined
  const pieces = Object.keys(settings.model.vocab)
  if (pieces.some((piece) => SORTED_LETTERS.test(piece))) return undefined

  const idsOf = createReader(settings)
  const most = reading.longTexts === 'truncate' ? reading.maxTokens - 2 : Number.POSITIVE_INFINITY
  return (text) => toTokenizedText(takeUntil(most, idsOf(text)), settings.post_processor, reading)
}

/** The ids of so many of the first words that there are more than `count` of them, or of all words. */
export function takeUntil(count: number, words: Iterable<readonly number[]>): number[] {
  const ids: number[] = []
  for (const word of words) {
    for (const id of word) ids.push(id)
    if (ids.length > count) return ids
  }
  return ids
}

/** Returns what reads a text word by word, each as its ids. */
function createReader(settings: BertSettings): (text: string) => Generator<readonly number[]> {
  const words = new BertWords(settings)
  const wordPiece = new WordPiece(settings.model)
  const addedTokens = new Trie(settings.added_tokens.map(({ content, id }) => [content, id]))

  function* pieces(text: string) {
    for (const word of words.of(text)) yield wordPiece.idsOf(word)
  }
  return function* read(text) {
    for (const part of splitAt(addedTokens, text)) {
      if (typeof part === 'string') yield* pieces(part)
      else yield [part]
    }
  }
}

/** Cuts a text around the added tokens in it, which are given as their ids: the longest at each place. */
function* splitAt(addedTokens: Trie, text: string): Generator<string | number> {
  let start = 0
  for (let at = 0; at < text.length; ) {
    const token = addedTokens.longestAt(text, at)
    if (!token) {
      at++
      continue
    }
    if (at > start) yield text.slice(start, at)
    yield token.value
    start = token.end
    at = token.end
  }
  if (start < text.length) yield text.slice(start)
}
