import type { RecordEnds } from '../../rows/record-ends.ts'
import { ByteCollector } from '../byte-collector.ts'
import type { Frame, Position } from './row.ts'

const NEWLINE = 0x0a
const RETURN = 0x0d
const BYTE_ORDER_MARK = Uint8Array.of(0xef, 0xbb, 0xbf)
const NOTHING = new Uint8Array(0)

interface SplitterOptions {
  readonly ends: RecordEnds
  /** Of one record, with the end of its line. */
  readonly maxBytes: number
  /** Told how many bytes are kept of the record that has begun; may throw. */
  readonly hold: (bytes: number) => void
}

/**
 * Splits a body into records, the same ones however it is cut into chunks. It holds one record at
 * most: nothing is kept of a larger one, and the next one begins after the next newline. Empty lines
 * are passed over.
 */
export class RecordSplitter {
  readonly #options: SplitterOptions
  /** The first bytes of the body, as long as they may be a byte order mark. */
  #first: Uint8Array | undefined = NOTHING
  #held: ByteCollector | undefined
  /** Bytes of the record that has begun; those that were thrown away among them. */
  #size = 0
  #isTooLarge = false
  #start: Position = { line: 1, byte: 0 }
  #newlines = 0

  constructor(options: SplitterOptions) {
    this.#options = options
  }

  /** The line that is being read: it rises with every newline. */
  get line(): number {
    return this.#start.line + this.#newlines
  }

  /** Where the record that is being read begins. */
  get position(): Position {
    return this.#start
  }

  /** Has the next record begin in this line. */
  countFrom(line: number): void {
    this.#start = { ...this.#start, line }
  }

  /** The records that end in a chunk; each must be taken before the next chunk comes. */
  *push(chunk: Uint8Array): Generator<Frame> {
    const bytes = this.#withoutMark(chunk)
    for (let at = this.#passLines(bytes, 0); at < bytes.length; at = this.#passLines(bytes, at)) {
      const until = Math.min(bytes.length, at + this.#room)
      const end = this.#endIn(bytes, at, until)
      const piece = bytes.subarray(at, end === -1 ? until : end)
      at += piece.length
      const frame = end === -1 ? this.#hold(piece) : this.#finish(piece)
      if (frame) yield frame
    }
  }

  /** The last record, if no newline has ended it. */
  *end(): Generator<Frame> {
    const rest = this.#first
    this.#first = undefined
    if (rest) yield* this.push(rest)
    const frame = this.#size > 0 ? this.#finish(NOTHING) : undefined
    if (frame) yield frame
  }

  /** Bytes that the record may still have; of one that has too many the rest is looked through. */
  get #room(): number {
    return this.#isTooLarge ? Number.POSITIVE_INFINITY : this.#options.maxBytes - this.#size
  }

  #endIn(bytes: Uint8Array, at: number, until: number): number {
    return this.#isTooLarge
      ? bytes.indexOf(NEWLINE, at) + 1 || -1
      : this.#options.ends.next(bytes, at, until)
  }

  /** A piece that does not end the record. */
  #hold(piece: Uint8Array): undefined {
    this.#count(piece)
    if (this.#size >= this.#options.maxBytes) {
      this.#isTooLarge = true
      this.#letGo()
      return
    }
    const { maxBytes, hold } = this.#options
    this.#held ??= new ByteCollector(maxBytes, { reach: hold, shrink: hold, release() {} })
    this.#held.add(piece)
  }

  /** The record, now that its last piece is there; none if it is an empty line. */
  #finish(piece: Uint8Array): Frame | undefined {
    this.#count(piece)
    const start = this.#start
    const end = { line: this.line, byte: start.byte + this.#size }
    const bytes = this.#isTooLarge ? undefined : withoutLineEnd(this.#whole(piece))
    this.#letGo()
    this.#isTooLarge = false
    this.#options.ends.reset()
    this.#start = end
    this.#size = 0
    this.#newlines = 0
    return bytes?.length === 0 ? undefined : { start, end, bytes }
  }

  #whole(piece: Uint8Array): Uint8Array {
    if (!this.#held) return piece
    this.#held.add(piece)
    return this.#held.bytes
  }

  #letGo(): void {
    if (this.#held) this.#options.hold(0)
    this.#held = undefined
  }

  /** Where the next record goes on or begins: empty lines are passed a thousand times as fast as records. */
  #passLines(bytes: Uint8Array, at: number): number {
    if (this.#size > 0) return at
    let end = at
    while (bytes[end] === NEWLINE) end++
    const { line, byte } = this.#start
    this.#start = { line: line + end - at, byte: byte + end - at }
    return end
  }

  #count(piece: Uint8Array): void {
    this.#size += piece.length
    for (let at = piece.indexOf(NEWLINE); at !== -1; at = piece.indexOf(NEWLINE, at + 1)) {
      this.#newlines++
    }
  }

  #withoutMark(chunk: Uint8Array): Uint8Array {
    if (!this.#first) return chunk
    const bytes = Buffer.concat([this.#first, chunk])
    const isMark = BYTE_ORDER_MARK.every((byte, i) => i >= bytes.length || bytes[i] === byte)
    if (isMark && bytes.length < BYTE_ORDER_MARK.length) {
      this.#first = bytes
      return NOTHING
    }
    this.#first = undefined
    if (!isMark) return bytes
    this.#start = { ...this.#start, byte: BYTE_ORDER_MARK.length }
    return bytes.subarray(BYTE_ORDER_MARK.length)
  }
}

function withoutLineEnd(bytes: Uint8Array): Uint8Array {
  const newline = bytes.at(-1) === NEWLINE ? 1 : 0
  const end = bytes.length - newline
  return bytes.subarray(0, newline === 1 && bytes[end - 1] === RETURN ? end - 1 : end)
}
