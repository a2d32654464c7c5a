/** One tokenized text. */
export interface TokenizedText {
  /** Token ids, special tokens included: of a text that is read in two windows both, one after the other. */
  readonly ids: readonly number[]
  /** Whether a part of the text was not read. */
  readonly truncated: boolean
}

/** Takes well-formed texts only. */
export type Encode = (text: string) => TokenizedText

/**
 * What is read of a text that has more tokens than the model takes: its beginning (`truncate`), or its
 * beginning and its end (`window`), whose logits are averaged.
 */
export type LongTexts = 'truncate' | 'window'

/** How texts are read. */
export interface Reading {
  /** Tokens that the model takes at once, special tokens included. */
  readonly maxTokens: number
  readonly longTexts: LongTexts
}

/** Tokens that are run for one text at most: each window has special tokens of its own. */
export const mostTokens = ({ maxTokens, longTexts }: Reading): number =>
  longTexts === 'window' ? 2 * maxTokens : maxTokens
