import type { Explanation } from '../app/classifier/classify.ts'
import { type Span, without } from '../app/classifier/words.ts'
import { zip } from '../app/zip.ts'
import { auroc, shareOf } from '../model/evaluation/metrics.ts'
import type { Tree } from '../model/evaluation/trees.ts'

/** A model that explains itself, by the score of its last label. */
export interface Explaining {
  explain(texts: readonly string[]): Promise<readonly Explanation[]>
  scores(texts: readonly string[]): Promise<readonly number[]>
}

/** Of the words of a sentence, that it is left without. */
const SHARES = [0.1, 0.2, 0.5]
/** Share of the sentence's largest push; a word that pushes less has no sign to speak of. */
const CLEAR_PUSH = 0.5
const NEUTRAL = 2

/** How true explanations are to the model, and how like what people say. */
export interface Faithfulness {
  readonly sentences: number
  /** How far the score of the winning label falls without the words that push it most, for each share of them. */
  readonly falls: readonly number[]
  /** The same without words that are drawn at random. */
  readonly randomFalls: readonly number[]
  /**
   * How often a word that people call positive or negative pushes more, whichever way, than one that they
   * call neutral: each measured by the largest push of its sentence.
   */
  readonly auroc: number
  /** Of the words with an opinion that push clearly, the share with the sign that people give them. */
  readonly sameSign: number
  readonly signs: number
}

/** Explains sentences, and leaves them without the words that are said to matter most (deletion curves). */
export async function faithfulnessOf(
  trees: readonly Tree[],
  model: Explaining,
): Promise<Faithfulness> {
  const explained = zip(trees, await model.explain(trees.map(({ text }) => text)))
  const random = createRandom()
  const judged = explained.flatMap(([tree, explanation]) => judge(tree, explanation))
  const opinions = judged.filter(({ opinion }) => opinion !== 0)
  const neutral = judged.filter(({ opinion }) => opinion === 0)
  const clear = opinions.filter(({ push }) => Math.abs(push) >= CLEAR_PUSH)
  return {
    sentences: trees.length,
    falls: await fallsOf(explained, model, ({ push }) => push),
    randomFalls: await fallsOf(explained, model, random),
    auroc: auroc(opinions.map(strengthOf), neutral.map(strengthOf)),
    sameSign: shareOf(clear, ({ push, opinion }) => push * opinion > 0),
    signs: clear.length,
  }
}

const strengthOf = ({ push }: { readonly push: number }) => Math.abs(push)

/** The words that are words of the treebank too, with their share of the largest push. */
function judge({ leaves }: Tree, { words }: Explanation) {
  const levels = new Map(leaves.map(({ from, to, level }) => [`${from} ${to}`, level]))
  const largest = Math.max(...words.map(strengthOf)) || 1
  return words.flatMap(({ from, to, push }) => {
    const level = levels.get(`${from} ${to}`)
    return level === undefined ? [] : [{ push: push / largest, opinion: level - NEUTRAL }]
  })
}

type Weight = (word: { readonly push: number }) => number

/** The mean fall for each share, where the words of most weight for the winning label go first. */
async function fallsOf(
  explained: readonly (readonly [Tree, Explanation])[],
  model: Explaining,
  weightOf: Weight,
): Promise<number[]> {
  const cases = explained
    .filter(([, { words }]) => words.length > 0)
    .map(([{ text }, { base, words }]) => {
      const sign = base >= 0.5 ? 1 : -1
      const weighed = words.map((word) => ({ ...word, weight: sign * weightOf(word) }))
      return { text, base, sign, order: weighed.sort((a, b) => b.weight - a.weight) }
    })
  const falls: number[] = []
  for (const share of SHARES) {
    const rests = cases.map(({ text, order }) =>
      withoutAll(text, order.slice(0, Math.max(1, Math.round(share * order.length)))),
    )
    const scores = await model.scores(rests)
    const all = zip(cases, scores).map(([{ base, sign }, score]) => sign * (base - score))
    falls.push(all.reduce((sum, fall) => sum + fall, 0) / all.length)
  }
  return falls
}

/** From the end on, so that what is left stays in its place. */
const withoutAll = (text: string, parts: readonly Span[]): string =>
  parts.toSorted((a, b) => b.from - a.from).reduce(without, text)

/** The same numbers in each run (a linear congruential generator). */
function createRandom(): Weight {
  let state = 1
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state
  }
}

const percent = (share: number) => `${(share * 100).toFixed(0)} %`
const listed = (falls: readonly number[]) => falls.map((fall) => fall.toFixed(3)).join(', ')
const meanOf = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** As `polarity eval` says it. */
export function faithfulnessLines(file: string, found: Faithfulness): string {
  return [
    `${file}: ${found.sentences} sentences`,
    `  without the words that push most, ${SHARES.map(percent).join(', ')} of them, the score falls by ${listed(found.falls)} (mean ${meanOf(found.falls).toFixed(3)}); without random ones by ${listed(found.randomFalls)} (${meanOf(found.randomFalls).toFixed(3)})`,
    `  AUROC of words with an opinion against neutral ones ${found.auroc.toFixed(3)}; ${percent(found.sameSign)} of ${found.signs} that push at least half as much as the strongest have people's sign`,
  ].join('\n')
}
