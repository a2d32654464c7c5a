import { styleText } from 'node:util'
import type { Explanation } from '../app/classifier/classify.ts'

/** From these shares of the whole scale on a word is marked once, twice and three times. */
const STEPS = [0.05, 0.2, 0.5]

/** Words up to the first step are plain. */
const strengthOf = (push: number) => STEPS.filter((step) => Math.abs(push) >= step).length

type Paint = (sign: '+' | '-', word: string) => string

const plain: Paint = (_, word) => word

/** In colours, where standard output is a terminal that wants them. */
export const painted: Paint = (sign, word) =>
  styleText(sign === '+' ? 'green' : 'red', word, { stream: process.stdout })

/**
 * A text whose words have signs before them: `+` pushes the score up and `-` down, the more signs the
 * further. Colours may come on top.
 */
export function markedWords(
  text: string,
  { words }: Pick<Explanation, 'words'>,
  paint: Paint = plain,
): string {
  // What a terminal would obey, and line ends: a text is one line.
  const shown = text.replace(/\p{Cc}/gu, ' ')
  let marked = ''
  let done = 0
  for (const { from, to, push } of words) {
    const sign = push > 0 ? '+' : '-'
    const word = sign.repeat(strengthOf(push)) + shown.slice(from, to)
    marked += shown.slice(done, from) + (strengthOf(push) > 0 ? paint(sign, word) : word)
    done = to
  }
  return marked + shown.slice(done)
}
