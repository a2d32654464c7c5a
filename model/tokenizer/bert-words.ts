import type { BertSettings } from './bert-settings.ts'
import { isAccent, isControl, isIdeograph, isPunctuation, isSpace } from './characters.ts'

/** Characters that are remembered as they are folded: more than one text has, but for hostile ones. */
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
  /** As strings, not as objects: of 20,000 rare characters in a text those would all be garbage. */
  readonly #known = new Map<string, string>()

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
    for (const char of chars) {
      const alone = this.#isAlone(char)
      for (const part of this.#foldedOf(char)) {
        if (!alone && isLetter(part)) word.add(part)
        else yield* word.endedBy(part)
      }
    }
    yield* word.take()
  }

  #isAlone(char: string): boolean {
    return this.#settings.handle_chinese_chars && isIdeograph(char)
  }

  /** What a character is read as; empty for one that is dropped. */
  #foldedOf(char: string): string {
    const known = this.#known.get(char)
    if (known !== undefined) return known
    // Emptied rather than closed: rare characters must not keep out common ones for good.
    if (this.#known.size >= MAX_KNOWN) this.#known.clear()
    const folded = this.#fold(char)
    this.#known.set(char, folded)
    return folded
  }

  /** One character without accents and in lower case, where the settings say so. */
  #fold(char: string): string {
    const { clean_text, lowercase, strip_accents } = this.#settings
    if (clean_text && isControl(char)) return ''
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

  /** The word, if there is one, and the character after it, which is one by itself unless it is a space. */
  endedBy(char: string): readonly (string | undefined)[] {
    const word = this.take()
    return isSpace(char) ? word : [...word, char]
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
  let plain = ''
  for (const part of parts) if (!isAccent(part)) plain += part
  return plain
}

const isLetter = (char: string) => !isSpace(char) && !isPunctuation(char)
