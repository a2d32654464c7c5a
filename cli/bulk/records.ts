import { finished } from 'node:stream/promises'
import { type Parser, parse } from 'csv-parse'
import { MAX_ROW_BYTES, type Position } from './row.ts'

const NEWLINE = 10

/** One record of a table, or a line that can't be one. */
export interface TableRecord {
  /** The bytes of each cell; of a line with a quote that is never closed the line, as one cell. */
  readonly cells: readonly Buffer[]
  readonly unclosed: boolean
  /** The line that it begins on, counted from 1. */
  readonly line: number
  /** Where the next record begins. */
  readonly next: Position
}

/**
 * The records of a CSV or TSV file (RFC 4180, any line break). A quote that is not closed would swallow
 * the rest of the file: its line is given up, and the next line begins a record.
 */
export async function* readRecords(
  chunks: AsyncIterable<Buffer>,
  { delimiter, from }: { readonly delimiter: string; readonly from: Position },
): AsyncGenerator<TableRecord> {
  const reader = new RecordReader(delimiter, from)
  for await (const chunk of chunks) yield* reader.push(chunk)
  yield* await reader.end()
}

class RecordReader {
  readonly #delimiter: string
  /** Where the parser began, and where its next record begins. */
  #began: Position
  #next: Position
  /** Bytes of the input from `#heldFrom` on: those of the next record, at least. */
  #held: Buffer = Buffer.alloc(0)
  #heldFrom: number
  #records: TableRecord[] = []
  #broken = false
  #parser: Parser

  constructor(delimiter: string, from: Position) {
    this.#delimiter = delimiter
    this.#began = from
    this.#next = from
    this.#heldFrom = from.offset
    this.#parser = this.#open()
  }

  push(chunk: Buffer): readonly TableRecord[] {
    this.#held = this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk
    this.#write(chunk)
    while (this.#broken && this.#giveUpLine()) this.#write(this.#held)
    return this.#take()
  }

  /** The records that only the end of the input completes. */
  async end(): Promise<readonly TableRecord[]> {
    for (;;) {
      if (!this.#broken) await this.#end()
      if (!this.#broken) return this.#take()
      if (!this.#giveUpLine()) this.#giveUp(this.#held.length)
      this.#write(this.#held)
    }
  }

  #write(bytes: Buffer): void {
    if (this.#broken || bytes.length === 0) return
    // Parses it before it returns, and hands each record to `#add`.
    this.#parser.write(bytes)
    this.#forget()
  }

  async #end(): Promise<void> {
    this.#parser.end()
    this.#parser.resume()
    await finished(this.#parser)
    this.#forget()
  }

  #add(cells: readonly Buffer[], end: number): void {
    if (this.#broken) return
    const { offset, line } = this.#next
    const raw = this.#held.subarray(offset - this.#heldFrom, end - this.#heldFrom)
    this.#next = { offset: end, line: line + Math.max(1, countNewlines(raw)) }
    this.#records.push({ cells, unclosed: false, line, next: this.#next })
  }

  /** Forgets the bytes of records that are complete. */
  #forget(): void {
    this.#held = this.#held.subarray(this.#next.offset - this.#heldFrom)
    this.#heldFrom = this.#next.offset
  }

  /** Gives up the line that the next record would begin with, if all of it is there. */
  #giveUpLine(): boolean {
    const at = this.#held.indexOf(NEWLINE)
    if (at >= 0) this.#giveUp(at + 1)
    return at >= 0
  }

  #giveUp(length: number): void {
    const { offset, line } = this.#next
    const cells = [this.#held.subarray(0, Math.min(length, MAX_ROW_BYTES))]
    this.#next = { offset: offset + length, line: line + 1 }
    this.#records.push({ cells, unclosed: true, line, next: this.#next })
    this.#began = this.#next
    this.#forget()
    this.#broken = false
    this.#parser.destroy()
    this.#parser = this.#open()
  }

  #take(): readonly TableRecord[] {
    const records = this.#records
    this.#records = []
    return records
  }

  #open(): Parser {
    return parse({
      delimiter: this.#delimiter,
      encoding: null,
      record_delimiter: ['\r\n', '\n', '\r'],
      // A quote inside of a cell is a character like any other.
      relax_quotes: true,
      relax_column_count: true,
      max_record_size: MAX_ROW_BYTES,
      skip_records_with_error: true,
      on_record: (cells: readonly unknown[], { bytes }) => {
        // Typed as strings, which they are not without an encoding.
        this.#add(cells.filter(Buffer.isBuffer), this.#began.offset + bytes)
        return null
      },
      on_skip: () => {
        this.#broken = true
        return undefined
      },
    })
  }
}

function countNewlines(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count++
  return count
}
