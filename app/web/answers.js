/** @import { Answer } from './service.js' */
/** @import { Info } from './info.js' */
/** @import { Line } from './lines.js' */
import { toRow } from './row.js'

/**
 * @typedef {object} Shown What stands in one row.
 * @property {Line} line
 * @property {Answer | undefined} answer Undefined: it is still to come.
 * @property {string | undefined} problem
 * @property {boolean | undefined} noReason It can't be explained.
 * @property {boolean} offersReason Somebody may ask why; else it is said unasked, or never.
 * @property {number | undefined} readTo Where in the text reading ends, once somebody asked.
 */

/**
 * @typedef {object} Actions
 * @property {(text: string) => void} explain
 * @property {(text: string) => void} findEnd
 */

/** The list of answers. A row whose content stays is not touched, so that it keeps the focus. */
export class Answers {
  /** @type {readonly { shown: Shown, node: HTMLElement }[]} */
  #rows = []
  #list
  #actions

  /**
   * @param {HTMLElement} list
   * @param {Actions} actions
   */
  constructor(list, actions) {
    this.#list = list
    this.#actions = actions
  }

  /**
   * @param {readonly Shown[]} rows
   * @param {Info} info
   */
  show(rows, info) {
    const focused = this.#rows.findIndex(({ node }) => node.contains(document.activeElement))
    this.#rows = rows.map((shown, i) => {
      const old = this.#rows[i]
      if (old && isSame(old.shown, shown)) return old
      return { shown, node: toRow(shown, info, this.#actions) }
    })
    this.#place(this.#rows.map(({ node }) => node))
    if (focused !== -1 && document.activeElement === document.body) this.#focus(focused)
  }

  /** @param {readonly Element[]} nodes */
  #place(nodes) {
    for (const [i, node] of nodes.entries()) {
      const old = this.#list.children[i]
      if (!old) this.#list.append(node)
      else if (old !== node) old.replaceWith(node)
    }
    while (this.#list.children.length > nodes.length) this.#list.lastElementChild?.remove()
  }

  /**
   * The row at a place, or the last one, takes the focus that was in one that is gone.
   *
   * @param {number} place
   */
  #focus(place) {
    const row = this.#rows[Math.min(place, this.#rows.length - 1)]?.node
    if (!row) return
    row.tabIndex = -1
    row.focus({ preventScroll: true })
  }
}

/**
 * @param {Shown} a
 * @param {Shown} b
 */
const isSame = (a, b) =>
  a.line.text === b.line.text &&
  a.line.number === b.line.number &&
  a.answer === b.answer &&
  a.problem === b.problem &&
  a.noReason === b.noReason &&
  a.offersReason === b.offersReason &&
  a.readTo === b.readTo
