/** @import { Options } from './service.js' */
/** @import { Patience } from './patience.js' */
import { waitingFor } from './advice.js'
import { askEach } from './ask-each.js'
import { patiently } from './patience.js'
import { predict, Refused } from './service.js'

/**
 * @typedef {object} Asking
 * @property {() => string} key The API key; empty: none.
 * @property {(message: string, secondsLeft: number) => void} onWait Called each second of a pause.
 */

/** It is too long to be explained, or explanations are off. */
const REFUSALS = [413, 422]

/** Asks the service, and again when it wants to be asked again. */
export class Asker {
  #key
  #onWait

  /** @param {Asking} asking */
  constructor({ key, onWait }) {
    this.#key = key
    this.#onWait = onWait
  }

  /**
   * The answer or the problem of each text, and the milliseconds that the last request took there.
   *
   * @param {readonly string[]} texts
   * @param {AbortSignal} signal
   * @param {Pick<Patience, 'most' | 'passes'> & Pick<Options, 'truncate'>} [how]
   */
  async each(texts, signal, { truncate, ...how } = {}) {
    /** @type {number | undefined} */
    let took
    const outcomes = await askEach(texts, async (some) => {
      const { answers, milliseconds } = await this.#ask(some, { signal, truncate }, how)
      took = milliseconds
      return answers
    })
    return { outcomes, took }
  }

  /**
   * A text's answer with its explanation, or why it can't be explained.
   *
   * @param {string} text
   * @param {AbortSignal} signal
   */
  async explained(text, signal) {
    try {
      const { answers } = await this.#ask([text], { signal, explain: true })
      return { ...(answers[0] && { answer: answers[0] }) }
    } catch (error) {
      if (error instanceof Refused && REFUSALS.includes(error.problem.status))
        return { noReason: true }
      throw error
    }
  }

  /**
   * @param {readonly string[]} texts
   * @param {Omit<Options, 'key'> & { signal: AbortSignal }} options
   * @param {Pick<Patience, 'most' | 'passes'>} [how]
   */
  #ask(texts, options, how) {
    /** @type {unknown} */
    let reason
    const ask = () =>
      predict(texts, { ...options, key: this.#key() }).catch((error) => {
        reason = error
        throw error
      })
    return patiently(ask, {
      signal: options.signal,
      onWait: (left, seconds) => this.#onWait(waitingFor(reason, seconds), left),
      ...how,
    })
  }
}
