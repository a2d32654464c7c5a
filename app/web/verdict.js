/** @import { LabelScore, Answer } from './service.js' */
/** @import { Range } from './info.js' */

/**
 * @typedef {object} Verdict
 * @property {string} label The likeliest one.
 * @property {number} score
 * @property {'low' | 'unsure' | 'high' | 'one of many'} side Where on the scale from the first of two labels to
 *   the last.
 * @property {number | undefined} position Score of the last of two labels.
 */

/**
 * @param {readonly LabelScore[]} scores
 * @param {Range | undefined} unsure
 * @returns {Verdict}
 */
export function verdictOf(scores, unsure) {
  const { label, score } = scores.reduce((a, b) => (b.score > a.score ? b : a))
  const position = scores.length === 2 ? scores[1]?.score : undefined
  return { label, score, position, side: sideOf(position, unsure) }
}

/**
 * @param {number | undefined} position
 * @param {Range | undefined} unsure
 */
function sideOf(position, unsure) {
  if (position === undefined) return 'one of many'
  if (unsure && position >= unsure[0] && position <= unsure[1]) return 'unsure'
  return position > 0.5 ? 'high' : 'low'
}

/**
 * No probability is all or nothing.
 *
 * @param {number} score
 */
export function toPercent(score) {
  const rounded = (score * 100).toFixed(1)
  if (rounded === '100.0') return '> 99.9 %'
  return rounded === '0.0' ? '< 0.1 %' : `${rounded} %`
}

/** @param {number} push */
export function toPoints(push) {
  const points = Math.round(Math.abs(push) * 100)
  if (points === 0) return '0'
  return `${push > 0 ? '+' : '−'}${points}`
}

/** How many answers there are of which kind, in words. */
export class Tally {
  /** @type {Map<string, number>} */
  #counts = new Map()
  #failed = 0
  #unsure

  /** @param {Range | undefined} unsure */
  constructor(unsure) {
    this.#unsure = unsure
  }

  /** @param {Pick<Answer, 'scores'>} answer */
  add({ scores }) {
    const { label, side } = verdictOf(scores, this.#unsure)
    const name = side === 'unsure' ? 'unsure' : label
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1)
  }

  /** A text without an answer. */
  fail() {
    this.#failed++
  }

  toString() {
    const all = [...this.#counts]
    if (this.#failed > 0) all.push(['without an answer', this.#failed])
    return all.map(([name, count]) => `${count.toLocaleString('en')} ${name}`).join(', ')
  }
}

/**
 * @param {number} count
 * @param {string} noun
 */
export const several = (count, noun) =>
  `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
