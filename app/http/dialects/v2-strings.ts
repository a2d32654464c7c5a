import { invalidRequest } from '../problem.ts'

/** Of each string in a tensor of type BYTES: its bytes, as an unsigned integer, little-endian. */
const LENGTH_BYTES = 4

/** Strict: invalid UTF-8 is rejected, not replaced. A byte order mark is text, as in JSON. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Reads so many strings, which must take all bytes. Throws `invalid_request`. */
export function readStrings(bytes: Uint8Array, count: number): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const strings: string[] = []
  let at = 0
  for (let i = 0; i < count; i++) {
    const begin = at + LENGTH_BYTES
    const end = begin > bytes.byteLength ? begin : begin + view.getUint32(at, true)
    if (end > bytes.byteLength) throw wrong(`Text ${i} goes beyond the end.`)
    strings.push(toText(bytes.subarray(begin, end)))
    at = end
  }
  if (at < bytes.byteLength)
    throw wrong(`${bytes.byteLength - at} bytes are left after ${count} texts.`)
  return strings
}

/** Throws `invalid_request` if it is not UTF-8. */
export function toText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch (cause) {
    throw wrong('Must be UTF-8.', cause)
  }
}

export function writeStrings(strings: readonly string[]): Uint8Array {
  return Buffer.concat(
    strings.flatMap((string) => {
      const bytes = Buffer.from(string)
      const length = Buffer.alloc(LENGTH_BYTES)
      length.writeUInt32LE(bytes.byteLength)
      return [length, bytes]
    }),
  )
}

const wrong = (message: string, cause?: unknown) =>
  invalidRequest([{ path: 'inputs[0]', message }], cause)
