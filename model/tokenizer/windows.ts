import type { Reading, TokenizedText } from './tokenized-text.ts'

/** The ids that go before and after what the model reads at once: [CLS] and [SEP]. */
export interface Frame {
  readonly first: number
  readonly last: number
}

/**
 * A text's tokens, without special ones, as the model reads them. Where they are too many, all that is
 * read of it is full: the one window, or both, which overlap in a text that is shorter than two.
 */
export function toTokenizedText(
  ids: readonly number[],
  { first, last }: Frame,
  { maxTokens, longTexts }: Reading,
): TokenizedText {
  const room = maxTokens - 2
  if (ids.length <= room) return { ids: [first, ...ids, last], truncated: false }
  const begin = [first, ...ids.slice(0, room), last]
  if (longTexts === 'truncate') return { ids: begin, truncated: true }
  return { ids: [...begin, first, ...ids.slice(-room), last], truncated: ids.length > 2 * room }
}

/** The lengths of the windows that one text's tokens are made of. */
export const windowsOf = (length: number, maxTokens: number): readonly number[] =>
  length > maxTokens ? [maxTokens, length - maxTokens] : [length]
