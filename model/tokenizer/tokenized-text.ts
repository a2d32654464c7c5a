/** One tokenized text. */
export interface TokenizedText {
  /** Token ids, special tokens included. */
  readonly ids: readonly number[]
  /** Whether the text was over the limit, and was cut. */
  readonly truncated: boolean
}

/** Takes well-formed texts only. */
export type Encode = (text: string) => TokenizedText
