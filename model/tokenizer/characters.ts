import table from './characters.json' with { type: 'json' }

/** Membership of a character, given as a string of one code point. */
type IsMember = (char: string) => boolean

/** By code point, a bit for each class: a look-up in a megabyte costs any character the same. */
const bits = new Uint8Array(0x11_0000)

/**
 * The classes of characters as the reference has them, by `model/tools/tokenizer_characters.py`: not
 * as the runtime's Unicode version has them, which would let a token depend on the runtime.
 */
export const isControl = memberOf(table.control, 1)
export const isAccent = memberOf(table.accent, 2)
export const isPunctuation = memberOf(table.punctuation, 4)

/** Unicode's White_Space, which does not change. */
export const isSpace = memberOf('9-d 20 85 a0 1680 2000-200a 2028-2029 202f 205f 3000', 8)

/** The ranges of `is_chinese_char` in the reference, which differ from BERT's own at U+2B820. */
const IDEOGRAPHS = '3400-4dbf 4e00-9fff f900-faff 20000-2a6df 2a700-2b73f 2b740-2b81f 2b920-2ceaf'
export const isIdeograph = memberOf(`${IDEOGRAPHS} 2f800-2fa1f`, 16)

/** `ranges`: code points in hex, as in "9-a 20". */
function memberOf(ranges: string, bit: number): IsMember {
  for (const range of ranges.split(' ')) {
    const [first = 0, last = first] = range.split('-').map((code) => Number.parseInt(code, 16))
    for (let code = first; code <= last; code++) bits[code] = (bits[code] ?? 0) | bit
  }
  return (char) => ((bits[char.codePointAt(0) ?? 0] ?? 0) & bit) !== 0
}
