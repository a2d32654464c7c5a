import { type Span, sentenceStarts } from './words.ts'

/** A part of a long text, and the words in it. */
export interface Passage extends Span {
  readonly words: readonly Span[]
}

/** Of one text: each costs as much as the whole text. */
const MOST_PASSAGES = 16

/**
 * The sentences of a text, given its words. Where they would be more than 16 passages, neighbours share
 * one; a sentence of more than `mostWords` words is several.
 */
export function passagesOf(text: string, words: readonly Span[], mostWords: number): Passage[] {
  const fewest = Math.ceil(words.length / MOST_PASSAGES)
  const most = Math.max(fewest, mostWords)
  const beginsSentence = sentenceCheck(text.slice(0, words.at(-1)?.to))
  const passages: Span[][] = []
  for (const word of words) {
    const isFirst = beginsSentence(word)
    const last = passages.at(-1)
    const isFull = !last || last.length >= (isFirst ? fewest : most)
    if (isFull) passages.push([word])
    else last.push(word)
  }
  return passages.map((own, i) => ({
    words: own,
    from: own[0]?.from ?? 0,
    // With the punctuation and the space behind it.
    to: passages[i + 1]?.[0]?.from ?? own.at(-1)?.to ?? 0,
  }))
}

/** A function that says of each word, asked in order, whether a sentence begins between the last one and it. */
function sentenceCheck(text: string): (word: Span) => boolean {
  const starts = sentenceStarts(text)
  let next = 0
  return ({ from }) => {
    const before = next
    while ((starts[next] ?? Number.POSITIVE_INFINITY) <= from) next++
    return next > before
  }
}
