/** @import { Answer } from './service.js' */
/** @import { Problem } from './ask-each.js' */
/** @import { Info } from './info.js' */
/** @import { Row } from './table.js' */
import { toCsv } from './csv.js'
import { isBlank, problemOf, toBatches } from './lines.js'
import { Tally, verdictOf } from './verdict.js'

/** Rows that are read before they are sent. */
const ROWS = 256

/** What each row gains, as with the command `polarity classify`. */
const COLUMNS = ['label', 'score', 'truncated', 'error']

/**
 * @typedef {object} Job
 * @property {AsyncIterable<Row>} rows
 * @property {number} column Index of the texts.
 * @property {boolean} header Whether the first row names the columns.
 * @property {boolean} safe Whether cells that a spreadsheet would run are disarmed.
 * @property {Pick<Info, 'maxChars' | 'maxTexts' | 'maxBytes' | 'unsure'>} info
 * @property {(texts: readonly string[]) => Promise<readonly (Answer | Problem)[]>} ask
 * @property {(progress: { rows: number, bytes: number }) => void} onProgress
 */

/** The rows of a file with their answers, in order. What was done stays if asking fails. */
export class FileRun {
  /** @type {string[]} CSV, so far. */
  parts = []
  rows = 0
  tally
  #job
  #columns = 0

  /** @param {Job} job */
  constructor(job) {
    this.#job = job
    this.tally = new Tally(job.info.unsure)
  }

  /** Throws what no row is to blame for. */
  async run() {
    /** @type {Row[]} */
    let held = []
    for await (const row of this.#job.rows) {
      if (this.#begins(row)) continue
      held.push(row)
      if (held.length < ROWS) continue
      await this.#answer(held)
      held = []
    }
    if (held.length > 0) await this.#answer(held)
  }

  /**
   * Writes the names of the columns before the first row. Whether that row is nothing else.
   *
   * @param {Row} row
   */
  #begins({ cells }) {
    if (this.#columns > 0) return false
    this.#columns = cells.length
    const { header } = this.#job
    const names = header
      ? cells
      : cells.map((_, i) => (i === this.#job.column ? 'text' : `column ${i + 1}`))
    this.parts.push(this.#toCsv([...names, ...COLUMNS]))
    return header
  }

  /** @param {readonly Row[]} rows */
  async #answer(rows) {
    const { ask, info, onProgress } = this.#job
    const checked = rows.map(({ cells }) => this.#check(cells))
    /** @type {(Answer | Problem)[]} */
    const outcomes = []
    for (const batch of toBatches(
      checked.flatMap(({ text }) => text ?? []),
      info,
    )) {
      outcomes.push(...(await ask(batch)))
    }
    const answered = outcomes.values()
    const lines = rows.map(({ cells }, i) => {
      const problem = checked[i]?.problem
      const outcome = problem ? { problem } : (answered.next().value ?? { problem: 'no answer' })
      return this.#toCsv([...this.#fitted(cells), ...this.#judge(outcome)])
    })
    this.parts.push(lines.join(''))
    this.rows += rows.length
    onProgress({ rows: this.rows, bytes: rows.at(-1)?.bytes ?? 0 })
  }

  /**
   * The text of a row, or why it has none that can be sent.
   *
   * @param {readonly string[]} cells
   * @returns {{ text?: string, problem?: string }}
   */
  #check(cells) {
    if (cells.length !== this.#columns) return { problem: 'ragged' }
    const text = (cells[this.#job.column] ?? '').toWellFormed()
    if (isBlank(text)) return { problem: 'blank' }
    return problemOf(text, this.#job.info.maxChars) ? { problem: 'too_long' } : { text }
  }

  /**
   * The cells that a row gains.
   *
   * @param {Answer | Problem} outcome
   */
  #judge(outcome) {
    if ('problem' in outcome) {
      this.tally.fail()
      return ['', '', '', outcome.problem]
    }
    this.tally.add(outcome)
    const { label, score } = verdictOf(outcome.scores, undefined)
    return [label, String(score), String(outcome.truncated), '']
  }

  /**
   * As many cells as there are columns, so that those behind them stand in theirs.
   *
   * @param {readonly string[]} cells
   */
  #fitted(cells) {
    return Array.from({ length: this.#columns }, (_, i) => cells[i] ?? '')
  }

  /** @param {readonly string[]} cells */
  #toCsv(cells) {
    return toCsv(cells, { delimiter: ',', safe: this.#job.safe })
  }
}
