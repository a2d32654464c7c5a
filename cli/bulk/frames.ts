import type { RecordEnds } from '../../app/rows/record-ends.ts'
import { MAX_ROW_BYTES, type Position, type RowError } from './row.ts'

const NEWLINE = 10
const RETURN = 13

/** One record of an input, or a line that can't be one. */
export interface Frame {
  /** Of a record without its line break, of a line that is too long the beginning. */
  readonly bytes: Buffer
  readonly fault?: Extract<RowError, 'too_long' | 'unclosed_quote'>
  /** The line that it begins on, counted from 1. */
  readonly line: number
  /** Where the next one begins. */
  readonly next: Position
}

interface FrameOptions {
  readonly ends: RecordEnds
  readonly from: Position
}

/**
 * The records of a stream of bytes, those that end in a chunk together; the last one may end without a
 * line break. A quote that is not closed would swallow the rest: its line is given up, and the next line
 * begins a record.
 */
export async function* readFrames(
  chunks: AsyncIterable<Buffer>,
  options: FrameOptions,
): AsyncGenerator<readonly Frame[]> {
  const reader = new FrameReader(options)
  for await (const chunk of chunks) yield [...reader.push(chunk)]
  yield [...reader.end()]
}

class FrameReader {
  readonly #ends: RecordEnds
  #next: Position
  /** From `#next` on. */
  #held: Buffer = Buffer.alloc(0)
  /** Bytes of them in which the record does not end. */
  #seen = 0
  /** The beginning of a line that is too long, and how many of its bytes were passed over. */
  #passing: { readonly beginning: Buffer; bytes: number } | undefined
  #isAtEnd = false

  constructor({ ends, from }: FrameOptions) {
    this.#ends = ends
    this.#next = from
  }

  *push(chunk: Buffer): Generator<Frame> {
    this.#held = this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk
    for (let frame = this.#take(); frame; frame = this.#take()) yield frame
  }

  *end(): Generator<Frame> {
    this.#isAtEnd = true
    yield* this.push(Buffer.alloc(0))
  }

  #take(): Frame | undefined {
    if (this.#passing) return this.#passLine(this.#passing)
    if (this.#held.length === 0) return undefined
    const until = Math.min(this.#held.length, MAX_ROW_BYTES)
    const end = this.#ends.next(this.#held, this.#seen, until)
    if (end !== -1) return this.#cut(end)
    this.#seen = until
    if (until === MAX_ROW_BYTES) return this.#giveUpLine()
    if (!this.#isAtEnd) return undefined
    return this.#ends.isQuoted ? this.#giveUpLine() : this.#cut(this.#held.length)
  }

  #cut(length: number, fault?: Frame['fault']): Frame {
    const bytes = this.#held.subarray(0, length)
    this.#held = this.#held.subarray(length)
    this.#seen = 0
    this.#ends.reset()
    const { line } = this.#next
    const next = this.#moveOn(length, countNewlines(bytes))
    return fault ? { bytes, fault, line, next } : { bytes: withoutLineEnd(bytes), line, next }
  }

  /** Ends a record behind its first line. */
  #giveUpLine(): Frame | undefined {
    const end = this.#held.subarray(0, MAX_ROW_BYTES).indexOf(NEWLINE) + 1
    if (end > 0) return this.#cut(end, 'unclosed_quote')
    if (this.#held.length < MAX_ROW_BYTES) return this.#cut(this.#held.length, 'unclosed_quote')
    this.#passing = { beginning: Buffer.from(this.#held.subarray(0, MAX_ROW_BYTES)), bytes: 0 }
    return this.#passLine(this.#passing)
  }

  /** Throws a line away as it comes, but for its beginning. */
  #passLine(passing: { readonly beginning: Buffer; bytes: number }): Frame | undefined {
    const end = this.#held.indexOf(NEWLINE) + 1
    const length = end > 0 ? end : this.#held.length
    passing.bytes += length
    this.#held = this.#held.subarray(length)
    if (end === 0 && !this.#isAtEnd) return undefined
    this.#passing = undefined
    this.#seen = 0
    this.#ends.reset()
    const { line } = this.#next
    const next = this.#moveOn(passing.bytes, 1)
    return { bytes: passing.beginning, fault: 'too_long', line, next }
  }

  #moveOn(bytes: number, newlines: number): Position {
    const { offset, line } = this.#next
    this.#next = { offset: offset + bytes, line: line + Math.max(1, newlines) }
    return this.#next
  }
}

function withoutLineEnd(bytes: Buffer): Buffer {
  const line = bytes.at(-1) === NEWLINE ? bytes.subarray(0, -1) : bytes
  return line.at(-1) === RETURN ? line.subarray(0, -1) : line
}

function countNewlines(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count++
  return count
}
