/** @import { Word } from './service.js' */

/** @typedef {{ text: string, push: number, strength: 0 | 1 | 2 | 3 }} Segment A part of a text; 0: none. */

/** Below it a word moves nothing that shows. */
const LEAST_PUSH = 0.02
/** Texts that no word moves by as much have no strong words. */
const STRONG_PUSH = 0.2

/**
 * A text in parts: words with their push, and what stands between. Joined they are the text, whatever
 * the words claim.
 *
 * @param {string} text
 * @param {readonly Word[]} words
 * @returns {Segment[]}
 */
export function toSegments(text, words) {
  const strongest = Math.max(STRONG_PUSH, ...words.map(({ push }) => Math.abs(push)))
  /** @type {Segment[]} */
  const segments = []
  let end = 0
  for (const { from, to, push } of words.toSorted((a, b) => a.from - b.from || b.to - a.to)) {
    if (!(from >= end && to > from && to <= text.length)) continue
    if (from > end) segments.push(plain(text.slice(end, from)))
    segments.push({ text: text.slice(from, to), push, strength: strengthOf(push, strongest) })
    end = to
  }
  return end < text.length ? [...segments, plain(text.slice(end))] : segments
}

/** @param {string} text */
const plain = (text) => ({ text, push: 0, strength: /** @type {const} */ (0) })

/**
 * @param {number} push
 * @param {number} strongest
 */
function strengthOf(push, strongest) {
  const share = Math.abs(push) / strongest
  if (Math.abs(push) < LEAST_PUSH) return 0
  if (share > 0.6) return 3
  return share > 0.25 ? 2 : 1
}

/**
 * The words that push most, strongest first.
 *
 * @param {readonly Word[]} words
 * @param {number} count
 */
export const strongestOf = (words, count) =>
  words
    .filter(({ push }) => Math.abs(push) >= LEAST_PUSH)
    .toSorted((a, b) => Math.abs(b.push) - Math.abs(a.push))
    .slice(0, count)

/**
 * Cuts segments in two at a place in the text.
 *
 * @param {readonly Segment[]} segments
 * @param {number} place
 * @returns {[before: Segment[], after: Segment[]]}
 */
export function splitAt(segments, place) {
  /** @type {[Segment[], Segment[]]} */
  const parts = [[], []]
  let from = 0
  for (const segment of segments) {
    const cut = Math.min(Math.max(place - from, 0), segment.text.length)
    const [before, after] = [segment.text.slice(0, cut), segment.text.slice(cut)]
    if (before) parts[0].push({ ...segment, text: before })
    if (after) parts[1].push({ ...segment, text: after })
    from += segment.text.length
  }
  return parts
}
