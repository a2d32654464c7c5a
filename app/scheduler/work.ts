/** What a request costs in each of the two stages. */
export interface Work {
  /** Tokens for the model. */
  readonly tokens: number
  /** UTF-16 code units for the tokenizer. */
  readonly chars: number
}

/** Throughput of the two stages, all of their workers together. */
export interface Rates {
  readonly tokensPerMs: number
  readonly charsPerMs: number
}

/** Milliseconds that work takes with nothing else to do, one stage after the other. */
export const millisecondsOf = ({ tokens, chars }: Work, { tokensPerMs, charsPerMs }: Rates) =>
  tokens / tokensPerMs + chars / charsPerMs
