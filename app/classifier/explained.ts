import type { Config } from '../config.ts'
import { AppError } from '../errors.ts'
import { zip } from '../zip.ts'
import type { ClassifyAtOnce, Explain, Explanation, Prediction, Push } from './classify.ts'
import { type Passage, passagesOf } from './passages.ts'
import { type Span, without, wordsOf } from './words.ts'

interface ExplainedOptions {
  /** Of the model, in class-id order. */
  readonly labels: readonly string[]
  /** Words of a text that are explained at most. */
  readonly maxWords: number
  /** Words of a text that the model reads at most. */
  readonly readWords: number
  /** Of all variants of one request, in UTF-16 code units. */
  readonly maxChars: number
}

/** Of a service. Only what reads in windows knows the end of a long text. */
export const toExplainOptions = (
  config: Config,
  { labels, maxTokens }: { readonly labels: readonly string[]; readonly maxTokens: number },
): ExplainedOptions => ({
  labels,
  maxWords: config.EXPLAIN_MAX_WORDS,
  readWords: config.LONG_TEXTS === 'window' ? Number.POSITIVE_INFINITY : maxTokens,
  maxChars: config.MAX_BODY_BYTES,
})

/**
 * Says why a text has a label's score: how far each word pushes it, which is the score of the text less
 * that of the text without the word (leave-one-out). These variants are texts like any other, asked for
 * in one call with the text: batches, caches, admission and the rate limit hold for them.
 *
 * A text of more than `maxWords` words is left without one passage after the other; a second call then
 * explains the words of those that push most, whichever way.
 *
 * Throws `payload_too_large` if the variants would be longer than `maxChars`: a small request must not
 * become a larger one than callers may send.
 */
export function explained(classify: ClassifyAtOnce, options: ExplainedOptions): Explain {
  const { labels, maxWords } = options
  return (label) => async (texts, call) => {
    const outlines = texts.map((text) => outlineOf(text, options))
    refuseLong(outlines, options)
    const all = await classify([...texts, ...outlines.flatMap(variantsOf)], call)
    const predictions = all.slice(0, texts.length)
    const toPushes = pushesBy((prediction) => prediction.scores[label] ?? 0, predictions)
    const first = toPushes(outlines, all.slice(texts.length))

    const closer = zip(outlines, first).map(([{ text, passages }, pushes]) => ({
      text,
      parts: passages ? strongest(passages, pushes, maxWords) : [],
    }))
    const variants = closer.flatMap(variantsOf)
    const second = toPushes(closer, variants.length > 0 ? await classify(variants, call) : [])

    return zip(predictions, outlines).map(([prediction, { text, passages }], i) => {
      const [pushes = [], closerPushes = []] = [first[i], second[i]]
      const base = prediction.scores[label] ?? 0
      const words = withTexts(text, passages ? closerPushes : pushes)
      const explanation = {
        label: labels[label] ?? '',
        base,
        words,
        ...(passages && { passages: pushes }),
      }
      return { ...prediction, explanation }
    })
  }
}

/** A text, and the parts that it is left without, one after the other. */
interface Cuts {
  readonly text: string
  readonly parts: readonly Span[]
}

interface Outline extends Cuts {
  /** Of a text with too many words: then these are its parts, else the words are. */
  readonly passages?: readonly Passage[]
}

const variantsOf = ({ text, parts }: Cuts) => parts.map((part) => without(text, part))

function outlineOf(text: string, { maxWords, readWords }: ExplainedOptions): Outline {
  const words = wordsOf(text, Math.max(readWords, maxWords + 1))
  if (words.length <= maxWords) return { text, parts: words }
  const passages = passagesOf(text, words, maxWords)
  return { text, parts: passages, passages }
}

/** Asks before any variant is built. */
function refuseLong(outlines: readonly Outline[], { maxWords, maxChars }: ExplainedOptions): void {
  const chars = outlines.map(
    ({ text, parts, passages }) => text.length * (parts.length + (passages ? maxWords : 0)),
  )
  if (chars.reduce((sum, one) => sum + one, 0) <= maxChars) return
  throw new AppError('payload_too_large', 'The texts are too long to be explained in one request.')
}

/** A function that takes cuts of each text, and the predictions of all variants in one list. */
function pushesBy(scoreOf: (prediction: Prediction) => number, wholes: readonly Prediction[]) {
  return (cuts: readonly Cuts[], variants: readonly Prediction[]): Push[][] => {
    const rest = variants.values()
    return zip(cuts, wholes).map(([{ parts }, whole]) =>
      zip(parts, [...rest.take(parts.length)]).map(([{ from, to }, variant]) => ({
        from,
        to,
        push: scoreOf(whole) - scoreOf(variant),
      })),
    )
  }
}

/**
 * The words of the passages that push most, in the order of the text: of those that push alike the first.
 * Other batches move a score by less than what counts here.
 */
function strongest(passages: readonly Passage[], pushes: readonly Push[], most: number): Span[] {
  const strengthOf = ({ push }: Push) => Math.round(Math.abs(push) * 10_000)
  const byStrength = zip(passages, pushes).sort(([, a], [, b]) => strengthOf(b) - strengthOf(a))
  const words = byStrength.flatMap(([passage]) => passage.words).slice(0, most)
  return words.sort((a, b) => a.from - b.from)
}

const withTexts = (text: string, words: readonly Push[]): Explanation['words'] =>
  words.map(({ from, to, push }) => ({ from, to, text: text.slice(from, to), push }))
