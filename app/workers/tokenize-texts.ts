import type { Tokenizer } from '../../model/tokenize.ts'
import type { TokenizedTexts } from './messages.ts'

/** Tokenizes a list of texts. */
export function tokenizeTexts(tokenizer: Tokenizer, texts: readonly string[]): TokenizedTexts {
  const startedAt = performance.now()
  const rows = texts.map((text) => tokenizer.encode(text))
  return {
    ids: Int32Array.from(rows.flatMap((row) => row.ids)),
    lengths: rows.map((row) => row.ids.length),
    truncated: rows.map((row) => row.truncated),
    tokenizeMs: performance.now() - startedAt,
  }
}
