/** @import { Answer } from './service.js' */
/** @import { Line } from './lines.js' */
/** @import { Shown } from './answers.js' */

/** @typedef {{ answer?: Answer, problem?: string, noReason?: boolean, readTo?: number }} Entry What is known of a text. */

const MOST = 3000

/** What the service has said of texts, so that a line that stays is not asked for again. */
export class Book {
  /** @type {Map<string, Entry>} */
  #entries = new Map()

  /** @param {string} text */
  of(text) {
    return this.#entries.get(text)
  }

  /**
   * @param {string} text
   * @param {Entry} entry Goes on top of what is known.
   */
  add(text, entry) {
    const known = this.#entries.get(text)
    this.#entries.delete(text)
    this.#entries.set(text, { ...known, ...entry })
    const [oldest] = this.#entries.keys()
    if (this.#entries.size > MOST && oldest !== undefined) this.#entries.delete(oldest)
  }

  /**
   * Whether a text has an answer that was not explained.
   *
   * @param {string} text
   */
  lacksReason(text) {
    const { answer, noReason = false } = this.#entries.get(text) ?? {}
    return answer !== undefined && !answer.explanation && !noReason
  }

  /**
   * What the rows of these lines show.
   *
   * @param {readonly Line[]} lines
   * @param {boolean} isOver Nothing more is to come.
   * @returns {Omit<Shown, 'offersReason'>[]}
   */
  rowsOf(lines, isOver) {
    return lines.map((line) => {
      const { answer, problem, noReason, readTo } = this.#entries.get(line.text) ?? {}
      const missing = isOver && !answer ? 'It was not answered.' : undefined
      return { line, answer, noReason, readTo, problem: line.problem ?? problem ?? missing }
    })
  }
}
