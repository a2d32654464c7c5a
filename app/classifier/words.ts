/** A part of a text, in UTF-16 code units. */
export interface Span {
  readonly from: number
  /** Exclusive. */
  readonly to: number
}

// Named, so that the machine's own language changes nothing.
const words = new Intl.Segmenter('en', { granularity: 'word' })
const sentences = new Intl.Segmenter('en', { granularity: 'sentence' })

const EMOJI = /\p{Extended_Pictographic}|\p{Regional_Indicator}/u
const SPACE = /\s/

/**
 * The words of a text by Unicode's rules (UAX 29), emoji among them: the first `most`, where no more
 * than these are looked for.
 */
export function wordsOf(text: string, most = Number.POSITIVE_INFINITY): Span[] {
  const found: Span[] = []
  for (const { index, segment, isWordLike } of words.segment(text)) {
    if (!isWordLike && !EMOJI.test(segment)) continue
    if (found.length >= most) break
    found.push({ from: index, to: index + segment.length })
  }
  return found
}

/** Where the sentences of a text begin, in order. */
export const sentenceStarts = (text: string): number[] =>
  Array.from(sentences.segment(text), ({ index }) => index)

/**
 * A text without a part of it: of the white space on both sides of the part (or at the text's edge) the
 * later one goes too, so that none is doubled or left at an edge, and no words are joined.
 */
export function without(text: string, { from, to }: Span): string {
  const before = text.slice(0, from)
  const after = text.slice(to)
  const isOpen = before === '' || SPACE.test(before.slice(-1))
  if (isOpen && SPACE.test(after.slice(0, 1))) return before + after.slice(1)
  return after === '' && isOpen ? before.slice(0, -1) : before + after
}
