/** @import { Info } from './info.js' */

/**
 * @typedef {{ number: number, text: string, problem?: string }} Line A text and the line of the field
 *   that it stands in; `problem` is why it is not sent.
 */

/** Lines that are answered one by one; a longer list is a file. */
export const MOST_LINES = 1000

/** What shows something, as the service has it. */
const VISIBLE = /[^\p{Zs}\p{Zl}\p{Zp}\p{Cc}\p{Default_Ignorable_Code_Point}]/u

/** @param {string} text */
export const isBlank = (text) => !VISIBLE.test(text)

/**
 * The texts of the field, without blank lines.
 *
 * @param {string} value
 * @param {Pick<Info, 'maxChars'>} limits
 * @returns {Line[]}
 */
export function toLines(value, { maxChars }) {
  const lines = value
    .toWellFormed()
    .split(/\r\n|\n|\r/)
    .map((text, i) => ({ number: i + 1, text }))
  return lines
    .filter(({ text }) => !isBlank(text))
    .slice(0, MOST_LINES)
    .map((line) => ({ ...line, ...problemOf(line.text, maxChars) }))
}

/**
 * @param {string} text
 * @param {number} maxChars In code points, as the service counts.
 */
export function problemOf(text, maxChars) {
  if (text.length <= maxChars || [...text].length <= maxChars) return undefined
  return { problem: `Longer than ${maxChars.toLocaleString('en')} characters: it was not sent.` }
}

/** A request stays this far below the limits, for what surrounds the texts. */
const ROOM = 0.5

/**
 * Lists of texts that each fit into a request.
 *
 * @param {readonly string[]} texts
 * @param {Pick<Info, 'maxTexts' | 'maxBytes'> & { most?: number }} limits
 * @returns {string[][]}
 */
export function toBatches(texts, { maxTexts, maxBytes, most = 256 }) {
  const size = Math.max(1, Math.min(maxTexts, most))
  /** @type {string[][]} */
  const batches = []
  let bytes = Number.POSITIVE_INFINITY
  for (const text of texts) {
    const length = bytesOf(text)
    const last = batches.at(-1)
    bytes += length
    if (last && last.length < size && bytes <= maxBytes * ROOM) last.push(text)
    else {
      batches.push([text])
      bytes = length
    }
  }
  return batches
}

const encoder = new TextEncoder()

/** @param {string} text */
const bytesOf = (text) => encoder.encode(JSON.stringify(text)).length + 1
