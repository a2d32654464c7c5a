import table from './characters.json' with { type: 'json' }

/** Membership of one character, as a string of one code point. */
type IsMember = (char: string) => boolean

/**
 * The classes of characters as the reference has them, by `model/tools/tokenizer_characters.py`: not
 * as the runtime's Unicode version has them, which would let a token depend on the runtime.
 */
export const isControl: IsMember = memberOf(table.control)
export const isAccent: IsMember = memberOf(table.accent)
export const isPunctuation: IsMember = memberOf(table.punctuation)

const SPACE = /^\p{White_Space}$/u
export const isSpace: IsMember = (char) => SPACE.test(char)

/** The ranges of `is_chinese_char` in the reference, which differ from BERT's own at U+2B820. */
const IDEOGRAPHS = '3400-4dbf 4e00-9fff f900-faff 20000-2a6df 2a700-2b73f 2b740-2b81f 2b920-2ceaf'
export const isIdeograph: IsMember = memberOf(`${IDEOGRAPHS} 2f800-2fa1f`)

/** `ranges`: code points in hex, as in "9-a 20". */
function memberOf(ranges: string): IsMember {
  const set = new RegExp(`^[${ranges.replace(/[0-9a-f]+/g, '\\u{$&}').replaceAll(' ', '')}]$`, 'u')
  return (char) => set.test(char)
}
