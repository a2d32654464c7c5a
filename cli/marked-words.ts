import { styleText } from 'node:util'
import type { Explanation } from '../app/classifier/classify.ts'

/** From these shares of the text's largest push on a word is marked once, twice and three times. */
const STEPS = [0.2, 0.5, 0.8]
/** A smaller push is none: scores are equal to 1e-5. */
const LEAST_PUSH = 1e-4

type Paint = (sign: '+' | '-', word: string) => string

const plain: Paint = (_, word) => word

/** In colours, where standard output is a terminal that wants them. */
export const painted: Paint = (sign, word) =>
  styleText(sign === '+' ? 'green' : 'red', word, { stream: process.stdout })

/**
 * A text whose words have signs before them: `+` pushes the score up and `-` down, the more signs the
 * further, for this text: where the model is sure, every word alone pushes little. Colours may come on
 * top.
 */
export function markedWords(
  text: string,
  { words }: Pick<Explanation, 'words'>,
  paint: Paint = plain,
): string {
  const largest = Math.max(LEAST_PUSH, ...words.map(({ push }) => Math.abs(push)))
  const signsOf = (push: number) => {
    const strength = STEPS.filter((step) => Math.abs(push) >= step * largest).length
    return (push > 0 ? '+' : '-').repeat(strength)
  }
  // What a terminal would obey, and line ends: a text is one line.
  const shown = text.replace(/\p{Cc}/gu, ' ')
  let marked = ''
  let done = 0
  for (const { from, to, push } of words) {
    const signs = signsOf(push)
    const word = signs + shown.slice(from, to)
    marked += shown.slice(done, from) + (signs ? paint(push > 0 ? '+' : '-', word) : word)
    done = to
  }
  return marked + shown.slice(done)
}
