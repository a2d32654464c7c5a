const SPACE = 0x20
const QUOTE = 0x22
const PLUS = 0x2b
const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const NINE = 0x39
const UNICODE_ESCAPE = 0x75
const EXPONENTS = new Set(Buffer.from('eE'))
const WORDS = ['true', 'false', 'null'].map((word) => Buffer.from(word))

/** How many hexadecimal digits an escape has by its letter; -1 if there is no such escape. */
const ESCAPE_DIGITS = new Int8Array(256).fill(-1)
for (const letter of Buffer.from('"\\/bfnrt')) ESCAPE_DIGITS[letter] = 0
ESCAPE_DIGITS[UNICODE_ESCAPE] = 4

const IS_HEX = new Uint8Array(256)
for (const digit of Buffer.from('0123456789abcdefABCDEF')) IS_HEX[digit] = 1

/** What may stand for itself in a string. */
const IS_PLAIN = new Uint8Array(256).fill(1, SPACE)
for (const byte of Buffer.from('"\\')) IS_PLAIN[byte] = 0

/** Where the JSON string ends whose first character is at `start`; -1 if it is not one. */
export function stringEnd(bytes: Uint8Array, start: number): number {
  let at = plainEnd(bytes, start)
  while (at !== -1 && bytes[at] !== QUOTE) {
    const end = escapeEnd(bytes, at)
    at = end === -1 ? -1 : plainEnd(bytes, end)
  }
  return at === -1 ? -1 : at + 1
}

function plainEnd(bytes: Uint8Array, start: number): number {
  let at = start
  while (IS_PLAIN[bytes[at] ?? 0] === 1) at++
  return at
}

/** Where the escape ends whose backslash is at `start`; -1 if it is not one. */
function escapeEnd(bytes: Uint8Array, start: number): number {
  if (bytes[start] !== 0x5c) return -1
  const digits = ESCAPE_DIGITS[bytes[start + 1] ?? 0] ?? -1
  for (let i = 2; i < 2 + digits; i++) {
    if (!IS_HEX[bytes[start + i] ?? 0]) return -1
  }
  return digits === -1 ? -1 : start + 2 + digits
}

/** Where the JSON number ends that begins at `start`; -1 if it is not one. */
export function numberEnd(bytes: Uint8Array, start: number): number {
  const first = bytes[start] === MINUS ? start + 1 : start
  if (!isDigit(bytes[first])) return -1
  const whole = bytes[first] === ZERO ? first + 1 : digitsEnd(bytes, first)
  if (bytes[whole] !== POINT) return exponentEnd(bytes, whole)
  return isDigit(bytes[whole + 1]) ? exponentEnd(bytes, digitsEnd(bytes, whole + 1)) : -1
}

function exponentEnd(bytes: Uint8Array, at: number): number {
  if (!EXPONENTS.has(bytes[at] ?? 0)) return at
  const sign = bytes[at + 1]
  const first = sign === PLUS || sign === MINUS ? at + 2 : at + 1
  return isDigit(bytes[first]) ? digitsEnd(bytes, first) : -1
}

function digitsEnd(bytes: Uint8Array, start: number): number {
  let at = start
  while (isDigit(bytes[at])) at++
  return at
}

const isDigit = (byte: number | undefined) => byte !== undefined && byte >= ZERO && byte <= NINE

/** Where `true`, `false` or `null` ends that begins at `start`; -1 if it is none of them. */
export function wordEnd(bytes: Uint8Array, start: number): number {
  const word = WORDS.find((word) => word.every((byte, i) => bytes[start + i] === byte))
  return word ? start + word.length : -1
}
