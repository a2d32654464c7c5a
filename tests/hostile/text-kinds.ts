import { createRandom } from './random.ts'

/** The default of MAX_CHARS. */
const CHARACTERS = 20_000

type Make = (random: (below: number) => number) => string

const pick =
  (alphabet: string): Make =>
  (random) => {
    const letters = [...alphabet]
    return letters[random(letters.length)] ?? ''
  }

const lower = pick('abcdefghijklmnopqrstuvwxyz')
const codePoint =
  (from: number, to: number): Make =>
  (random) =>
    String.fromCodePoint(from + random(to - from))
const word =
  (letter: Make, length: number): Make =>
  (random) =>
    `${Array.from({ length }, () => letter(random)).join('')} `

/** Texts that cost a tokenizer the most for their length; each call makes another one. */
const KINDS: Record<string, Make> = {
  'words of 100 rare letters': word(pick('qxzjvk'), 100),
  'words of 100 random letters': word(lower, 100),
  'words of 99 letters that start like known ones': (random) => `inter${word(lower, 94)(random)}`,
  'words of 200 letters': word(lower, 200),
  digits: pick('0123456789'),
  'a wall of base64': pick('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'),
  'two marks by turns': (random) => `\u0301\u0323${lower(random)}`.slice(0, 2),
  'marks of every class': codePoint(0x0300, 0x036f),
  'marks that compose': (random) =>
    `${lower(random)}${codePoint(0x0300, 0x0315)(random).repeat(30)}`,
  'a word without an end': lower,
  ideographs: codePoint(0x4e00, 0x9fff),
  'right to left': codePoint(0x05d0, 0x06ff),
  'joined emoji': (random) => `${codePoint(0x1f300, 0x1f6ff)(random)}\u200d`,
  'one letter that unfolds to eighteen': () => '\ufdfa',
  hangul: codePoint(0xac00, 0xd7a3),
  'hangul in parts': codePoint(0x1100, 0x11ff),
  punctuation: pick('!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'),
  'spaces of every kind': pick(' \t\n\u00a0\u2003\u3000\u200b\u2028'),
  'control characters': (random) => `${codePoint(1, 31)(random)}${lower(random)}`,
  'any character': (random) => {
    const code = random(0x10ffff)
    return code >= 0xd800 && code < 0xe000 ? 'x' : String.fromCodePoint(code)
  },
  'halves of pairs': codePoint(0xd800, 0xdfff),
  'special tokens by name': pick('[CLS] [SEP] [MASK] [UNK] [PAD]'),
  'the same token name': () => '[MASK][SEP]',
  'capitals that change length': pick('İΣẞŉǰΐΰև'),
}

/** A run of one mark and then of another: putting them in order is quadratic. */
function runsOfMarks(random: (below: number) => number): string {
  const half = CHARACTERS / 2 - 10
  return `${random(1e9)} a${'\u0301'.repeat(half)}${'\u0323'.repeat(half)}`
}

export interface TextKind {
  readonly name: string
  /** A text of as many characters as a request may have in one, another one each time. */
  readonly next: () => string
}

export function textKinds(seed: number): TextKind[] {
  const kinds = Object.entries(KINDS).map(([name, make], index) => {
    const random = createRandom(seed * 1000 + index)
    return { name, next: () => fill(make, random) }
  })
  const random = createRandom(seed)
  return [{ name: 'two runs of marks', next: () => runsOfMarks(random) }, ...kinds]
}

function fill(make: Make, random: (below: number) => number): string {
  let text = `${random(1e9)} `
  while (text.length < CHARACTERS) text += make(random)
  // By code points a text is shorter than by code units.
  return text.slice(0, CHARACTERS)
}
