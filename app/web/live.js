/** @import { Asker } from './asker.js' */
/** @import { Info } from './info.js' */
/** @import { Line } from './lines.js' */
/** @import { Shown } from './answers.js' */
import { Book } from './book.js'
import { UNKNOWN } from './info.js'
import { MOST_LINES, toBatches, toLines } from './lines.js'
import { pause } from './patience.js'
import { findReadingEnd } from './reading-end.js'
import { several, Tally } from './verdict.js'

/** Texts that are explained unasked; the others have a button. */
const MOST_EXPLAINED = 16

/**
 * @typedef {object} View
 * @property {(rows: readonly Shown[], info: Info) => void} show
 * @property {(message: string, took?: number) => void} say
 * @property {(error: unknown) => void} fail
 * @property {() => void} accept The service has answered.
 */

/** Answers the texts of a field: at once what is known, the rest as the service answers. */
export class Live {
  /** @type {Info} */
  info = UNKNOWN
  #book = new Book()
  #stop = new AbortController()
  /** @type {readonly Line[]} */
  #lines = []
  #isOver = false
  #view
  #asker

  /**
   * @param {Asker} asker
   * @param {View} view
   */
  constructor(asker, view) {
    this.#asker = asker
    this.#view = view
  }

  /** The texts that are shown, in order. */
  get texts() {
    return this.#lines.map(({ text }) => text)
  }

  /**
   * Answers these texts, and leaves those that are being asked for. Throws nothing.
   *
   * @param {string} value
   * @param {number} [pauseMs]
   */
  async run(value, pauseMs = 0) {
    this.#stop.abort()
    this.#stop = new AbortController()
    await this.#guarded(async (signal) => {
      if (pauseMs > 0) await pause(pauseMs, signal)
      this.#lines = toLines(value, this.info)
      this.#isOver = false
      await this.#answer(signal)
      // Each word costs as much as a text: not between two keys.
      if (pauseMs > 0) await pause(2 * pauseMs, signal)
      await this.#explain(this.texts.slice(0, MOST_EXPLAINED), signal)
    })
  }

  /**
   * Says why, of one text more.
   *
   * @param {string} text
   */
  explain(text) {
    return this.#guarded((signal) => this.#explain([text], signal))
  }

  /**
   * Shows where reading ends in a text that was not read as a whole.
   *
   * @param {string} text
   */
  findEnd(text) {
    return this.#guarded(async (signal) => {
      const readTo = await findReadingEnd(text, async (prefixes) => {
        const { outcomes } = await this.#asker.each(prefixes, signal, { truncate: false })
        return outcomes.map((outcome) => 'scores' in outcome)
      })
      this.#book.add(text, { readTo })
      this.#show()
    })
  }

  /** @param {(signal: AbortSignal) => Promise<void>} act */
  async #guarded(act) {
    const { signal } = this.#stop
    try {
      await act(signal)
    } catch (error) {
      if (signal.aborted) return
      this.#isOver = true
      this.#show()
      this.#view.fail(error)
    }
  }

  /** @param {AbortSignal} signal */
  async #answer(signal) {
    const open = this.#lines.filter(({ text, problem }) => !problem && !this.#book.of(text))
    this.#show()
    if (open.length > 0) this.#view.say('Asking …')
    let took
    for (const batch of toBatches([...new Set(open.map(({ text }) => text))], this.info)) {
      const answer = await this.#asker.each(batch, signal)
      took = answer.took
      for (const [i, outcome] of answer.outcomes.entries()) {
        this.#book.add(batch[i] ?? '', 'scores' in outcome ? { answer: outcome } : outcome)
      }
      this.#view.accept()
      this.#show()
    }
    this.#view.say(this.#summary(), took)
  }

  /**
   * @param {readonly string[]} texts
   * @param {AbortSignal} signal
   */
  async #explain(texts, signal) {
    if (!this.info.explains) return
    for (const text of new Set(texts)) {
      if (!this.#book.lacksReason(text)) continue
      this.#book.add(text, await this.#asker.explained(text, signal))
      this.#show()
    }
  }

  #show() {
    const rows = this.#book.rowsOf(this.#lines, this.#isOver)
    const shown = rows.map((row, i) => ({
      ...row,
      offersReason: this.info.explains && (this.#isOver || i >= MOST_EXPLAINED),
    }))
    this.#view.show(shown, this.info)
  }

  #summary() {
    const count = this.#lines.length
    if (count === 0) return 'Nothing to classify: write a text.'
    const tally = new Tally(this.info.unsure)
    for (const { answer } of this.#book.rowsOf(this.#lines, true)) {
      if (answer) tally.add(answer)
      else tally.fail()
    }
    const most = count === MOST_LINES ? ' More lines are for a file: drop one below.' : ''
    return `${several(count, 'text')}: ${tally}.${most}`
  }
}
