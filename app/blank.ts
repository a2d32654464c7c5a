/**
 * First and last code points of what shows nothing: Unicode's spaces and line ends (Zs, Zl, Zp),
 * control characters (Cc), and all that is `Default_Ignorable_Code_Point`, such as U+200B or U+3164.
 */
const INVISIBLE: readonly (readonly [first: number, last: number])[] = [
  [0x0000, 0x0020],
  [0x007f, 0x00a0],
  [0x00ad, 0x00ad],
  [0x034f, 0x034f],
  [0x061c, 0x061c],
  [0x115f, 0x1160],
  [0x1680, 0x1680],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x2000, 0x200f],
  [0x2028, 0x202f],
  [0x205f, 0x206f],
  [0x3000, 0x3000],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfff8],
  [0x1bca0, 0x1bca3],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe0fff],
]

/**
 * Matches a text that shows something. Spelled out, as `\p{…}` and `\u{…}` are not known to every
 * reader of the published schema, Python's among them: those above U+FFFF stand for themselves.
 */
export const NOT_BLANK = new RegExp(notOneOf(INVISIBLE), 'u')

/**
 * The same for the published schema, which has no place for the flag: without what is above U+FFFF, so
 * that it means the same with the flag and without it.
 */
export const NOT_BLANK_PATTERN = notOneOf(INVISIBLE.filter(([, last]) => last <= 0xffff))

function notOneOf(ranges: typeof INVISIBLE): string {
  return `[^${ranges.map(([first, last]) => `${escaped(first)}-${escaped(last)}`).join('')}]`
}

function escaped(codePoint: number): string {
  return codePoint > 0xffff
    ? String.fromCodePoint(codePoint)
    : `\\u${codePoint.toString(16).padStart(4, '0')}`
}
