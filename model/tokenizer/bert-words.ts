import type { BertSettings } from './bert-settings.ts'
import { isAccent, isControl, isIdeograph, isPunctuation, isSpace } from './characters.ts'

/** A character that ends a word, one that is a word by itself, or one that is part of a word. */
type Kind = 'space' | 'alone' | 'letter'

interface Part {
  readonly kind: Kind
  readonly char: string
}

/** Characters whose parts are remembered: more than one text has, but for hostile ones. */
const MAX_KNOWN = 4096

/**
 * Splits text into words as BERT's normalizer and pre-tokenizer do together, word by word, so that
 * nothing is done for a rest that nobody reads. Time grows with the characters alone: each is
 * normalized by itself, since putting a run of marks in canonical order (NFD) takes the square of its
 * length, and marks are dropped all the same.
 */
export class BertWords {
  readonly #settings: BertSettings['normalizer']
  readonly #maxChars: number
  readonly #known = new Map<string, readonly Part[]>()

  constructor({ normalizer, model }: Pick<BertSettings, 'normalizer' | 'model'>) {
    this.#settings = normalizer
    this.#maxChars = model.max_input_chars_per_word
  }

  /**
   * The words of a text, given as its characters; `undefined` for one that is longer than the model
   * takes.
   */
  *of(chars: Iterable<string>): Generator<string | undefined> {
    const word = new Word(this.#maxChars)
    for (const { kind, char } of this.#parts(chars)) {
      if (kind === 'letter') {
        word.add(char)
        continue
      }
      yield* word.take()
      if (kind === 'alone') yield char
    }
    yield* word.take()
  }

  *#parts(chars: Iterable<string>): Generator<Part> {
    for (const char of chars) yield* this.#partsOf(char)
  }

  #partsOf(char: string): readonly Part[] {
    const known = this.#known.get(char)
    if (known) return known
    // Emptied rather than closed: rare characters must not keep out common ones for good.
    if (this.#known.size >= MAX_KNOWN) this.#known.clear()
    const parts = this.#read(char)
    this.#known.set(char, parts)
    return parts
  }

  #read(char: string): readonly Part[] {
    const { clean_text, handle_chinese_chars } = this.#settings
    if (clean_text && isControl(char)) return []
    const chars = [...this.#fold(char)]
    if (handle_chinese_chars && isIdeograph(char)) {
      return chars.map((char) => ({ kind: 'alone', char }))
    }
    return chars.map((char) => ({ kind: kindOf(char), char }))
  }

  /** One character without accents and in lower case, where the settings say so. */
  #fold(char: string): string {
    const { lowercase, strip_accents } = this.#settings
    const plain = (strip_accents ?? lowercase) ? withoutAccents(char) : char
    return lowercase ? plain.toLowerCase() : plain
  }
}

/** The word that is being read. */
class Word {
  readonly #maxChars: number
  #text = ''
  #length = 0

  constructor(maxChars: number) {
    this.#maxChars = maxChars
  }

  add(char: string): void {
    // What is too long is only counted.
    if (this.#length < this.#maxChars) this.#text += char
    this.#length++
  }

  /** The word, if there is one, and begins the next. */
  take(): readonly (string | undefined)[] {
    if (this.#length === 0) return []
    const word = this.#length > this.#maxChars ? undefined : this.#text
    this.#text = ''
    this.#length = 0
    return [word]
  }
}

function withoutAccents(char: string): string {
  const parts = char.normalize('NFD')
  if (parts === char) return isAccent(char) ? '' : char
  return [...parts].filter((part) => !isAccent(part)).join('')
}

function kindOf(char: string): Kind {
  if (isSpace(char)) return 'space'
  return isPunctuation(char) ? 'alone' : 'letter'
}
