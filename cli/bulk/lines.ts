import { MAX_ROW_BYTES, type Position } from './row.ts'

const NEWLINE = 10
const RETURN = 13

/** One line of an input. */
export interface Line {
  /** Without its line break; the first bytes of a line that is too long. */
  readonly bytes: Buffer
  readonly tooLong: boolean
  /** Counted from 1. */
  readonly line: number
  /** Where the next line begins. */
  readonly next: Position
}

/** The lines of a stream of bytes that begins at `from`: each ends in LF or CRLF, the last one may end without. */
export async function* readLines(
  chunks: AsyncIterable<Buffer>,
  from: Position,
): AsyncGenerator<Line> {
  const reader = new LineReader(from)
  for await (const chunk of chunks) yield* reader.push(chunk)
  yield* reader.end()
}

class LineReader {
  #offset: number
  #line: number
  #parts: Buffer[] = []
  #length = 0

  constructor({ offset, line }: Position) {
    this.#offset = offset
    this.#line = line
  }

  *push(chunk: Buffer): Generator<Line> {
    let start = 0
    for (;;) {
      const at = chunk.indexOf(NEWLINE, start)
      if (at < 0) break
      this.#keep(chunk.subarray(start, at))
      this.#offset++
      yield this.#take()
      start = at + 1
    }
    this.#keep(chunk.subarray(start))
  }

  *end(): Generator<Line> {
    if (this.#length > 0) yield this.#take()
  }

  /** Of a line that is too long only the beginning is held. */
  #keep(part: Buffer): void {
    if (part.length === 0) return
    const room = MAX_ROW_BYTES - this.#length
    if (room > 0) this.#parts.push(part.subarray(0, room))
    this.#length += part.length
    this.#offset += part.length
  }

  #take(): Line {
    const [first, ...others] = this.#parts
    const bytes = first && others.length === 0 ? first : Buffer.concat(this.#parts)
    const tooLong = this.#length > MAX_ROW_BYTES
    const line = this.#line++
    this.#parts = []
    this.#length = 0
    return {
      bytes: bytes.at(-1) === RETURN ? bytes.subarray(0, -1) : bytes,
      tooLong,
      line,
      next: { offset: this.#offset, line: this.#line },
    }
  }
}
