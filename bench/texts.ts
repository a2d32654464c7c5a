import { readFileSync } from 'node:fs'
import { readSentences } from '../harness/sentences.ts'

/** As many as SST-2's training file has sentences. */
const TEXTS = 12_727

/** The three texts of the exercise's repeated request. */
export const REMEMBERED = ['I love you!', 'I hate you!', 'I am a Kubernetes Cluster!']

/** Distinct texts in the same order each time: of a file, or, if none is named, made of the project's own sentences. */
export function readTexts(file: string): string[] {
  return file === '' ? makeTexts(TEXTS) : readFile(file)
}

/**
 * Distinct sentences of a file of `text<TAB>label` lines, shuffled deterministically. SST-2's
 * training file also has every phrase of a sentence; only whole sentences are used.
 */
function readFile(file: string): string[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(1)
  const phrases = new Set(lines.map((line) => line.split('\t')[0]?.trim() ?? ''))
  const texts = [...phrases].filter((phrase) => /\w.* [.!?]$/.test(phrase))
  const random = createRandom(20_260)
  const keyed = texts.map((text) => ({ text, key: random() }))
  return keyed.sort((a, b) => a.key - b.key).map(({ text }) => text)
}

/** So many texts, each once in a round, with the round's number. */
export function* distinctTexts(
  texts: readonly string[],
  count: number,
  round: number,
): Generator<string> {
  for (let i = 0; i < count; i++) {
    const text = texts[i % texts.length] ?? ''
    yield `${text.slice(0, -1)} ${round + Math.floor(i / texts.length)}.`
  }
}

/** Words in a text by the share of texts that have fewer: so the tokens are spread as in SST-2's sentences. */
const LENGTHS = [
  [0, 2],
  [0.1, 5],
  [0.25, 8],
  [0.5, 13],
  [0.75, 20],
  [0.9, 26],
  [0.99, 36],
  [1, 46],
] as const

/** Distinct texts, each of one or more of the project's own sentences, cut to the length that is drawn for it. */
function makeTexts(count: number): string[] {
  const sources = readSentences().map(({ text }) => text.replace(/[.!?]$/, '').split(' '))
  const random = createRandom(20_260)
  const texts = new Set<string>()
  while (texts.size < count) {
    const length = lengthAt(random())
    const words: string[] = []
    while (words.length < length)
      words.push(...(sources[Math.floor(random() * sources.length)] ?? []))
    texts.add(`${words.slice(0, length).join(' ')}.`)
  }
  return [...texts]
}

function lengthAt(share: number): number {
  const above = Math.max(
    1,
    LENGTHS.findIndex(([limit]) => limit >= share),
  )
  const [low, from] = LENGTHS[above - 1] ?? LENGTHS[0]
  const [high, to] = LENGTHS[above] ?? LENGTHS[0]
  return Math.round(from + ((share - low) / (high - low)) * (to - from))
}

/** Each is one token of every BERT vocabulary. */
const WORDS =
  'a an and art as at bad be big book but by city cold could day dark end even ever film first for free from full game good great hand head heart here home hope how idea if in into it kind last late life light like little long love man mind more most music name near never new night no not of off old on one only open or other out over own part people place play point power real right room same say school sea show side small so some song sound story sun than that the then there they thing this time to town true two under up very war was water way we well what when where who wind with woman word work world year you young'.split(
    ' ',
  )

/**
 * `count` texts of exactly `tokens` tokens, two special tokens included; deterministic per seed.
 */
export function textsOfLength(tokens: number, count: number, seed: number): string[] {
  const random = createRandom(seed)
  const word = () => WORDS[Math.floor(random() * WORDS.length)]
  return Array.from({ length: count }, () => Array.from({ length: tokens - 2 }, word).join(' '))
}

/** Pseudo-random numbers in [0, 1) (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Splits a list into parts of `size`; the last may be smaller. */
export function partsOf<T>(list: readonly T[], size: number): T[][] {
  const parts: T[][] = []
  for (let i = 0; i < list.length; i += size) parts.push(list.slice(i, i + size))
  return parts
}
