/** Longer addresses are cut by some programs. */
export const LONGEST_LINK = 8000

const NAME = 'text'

/**
 * Texts as the fragment of an address, which a browser keeps to itself; `undefined` where they are too
 * long for one.
 *
 * @param {readonly string[]} texts
 */
export function toFragment(texts) {
  const parameters = new URLSearchParams(texts.map((text) => [NAME, text.toWellFormed()]))
  const fragment = `#${parameters}`
  return fragment.length > LONGEST_LINK ? undefined : fragment
}

/**
 * The texts of a fragment; none where it has none.
 *
 * @param {string} fragment
 */
export const fromFragment = (fragment) =>
  new URLSearchParams(fragment.replace(/^#/, ''))
    .getAll(NAME)
    .map((text) => text.replaceAll(/[\r\n]+/g, ' '))
