import type { BertSettings } from './bert-settings.ts'
import { type CodeUnits, Trie } from './trie.ts'

/**
 * Splits words into pieces of the vocabulary, the longest first (WordPiece, greedy). A word takes at
 * most its own length times that of the longest piece in steps.
 */
export class WordPiece {
  readonly #unknown: readonly number[]
  /** Pieces that begin a word. */
  readonly #first: Trie
  /** Pieces that go on with it, without their prefix. */
  readonly #later: Trie

  constructor({ vocab, unk_token, continuing_subword_prefix: prefix }: BertSettings['model']) {
    const pieces = Object.entries(vocab)
    this.#unknown = [vocab[unk_token] ?? 0]
    this.#first = new Trie(pieces)
    this.#later = new Trie(
      pieces
        .filter(([piece]) => piece.startsWith(prefix))
        .map(([piece, id]) => [piece.slice(prefix.length), id]),
    )
  }

  /** The ids of a word's pieces; the unknown token's alone if a part of the word is no piece. */
  idsOf(word: CodeUnits | undefined): readonly number[] {
    if (word === undefined) return this.#unknown
    const ids: number[] = []
    for (let at = 0; at < word.length; ) {
      const piece = (at === 0 ? this.#first : this.#later).longestAt(word, at)
      if (!piece) return this.#unknown
      ids.push(piece.value)
      at = piece.end
    }
    return ids
  }
}
