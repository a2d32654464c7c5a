import type { RecordEnds } from '../../rows/record-ends.ts'
import type { AnsweredRow, Frame, Row } from './row.ts'
import type { Summary } from './summary.ts'

/** Reads the rows of one body. */
export interface RowReader {
  readonly ends: RecordEnds
  /** Takes the first record, if it is no row; `undefined`: there is none. Throws `invalid_request`. */
  readonly takeHeader?: (frame: Frame | undefined) => void
  /** Records as rows, in their order; what is no row at all is left out. */
  toRows(frames: readonly Frame[]): Promise<Row[]>
}

/** Writes the answer to one body. */
export interface RowWriter {
  /** Comes before everything else. */
  readonly head: string
  write(rows: readonly AnsweredRow[]): string
  /** Comes last. */
  end(summary: Summary): string
}

/** A way to write many rows, in a request and in its answer. */
export interface Format {
  /** As in the metrics. */
  readonly name: 'ndjson' | 'csv'
  /** Content-Type of the answer. */
  readonly type: string
  reader(): RowReader
  writer(): RowWriter
}
