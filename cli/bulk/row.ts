/** Why a row is not classified. */
export const ROW_ERRORS = [
  'blank',
  'too_long',
  'not_utf8',
  'ragged',
  'unclosed_quote',
  'malformed_json',
  'no_text',
  'refused',
  'failed',
] as const

export type RowError = (typeof ROW_ERRORS)[number]

/** What a row holds besides its text: a table's cells, a JSON object, or the line itself. */
type Fields = readonly string[] | Readonly<Record<string, unknown>> | string

/** One row of an input. */
export interface Row {
  /** The line that it begins on, counted from 1; in a Parquet file its number. */
  readonly line: number
  /** Where the next row begins. */
  readonly next: Position
  /** As it was read, for the output. */
  readonly fields: Fields
  /** Empty if the row has an error. */
  readonly text: string
  readonly error?: RowError
}

/** Where a row of an input begins. */
export interface Position {
  /** Bytes of the input, unpacked; of a Parquet file rows. */
  readonly offset: number
  /** Counted from 1. */
  readonly line: number
}

export const START: Position = { offset: 0, line: 1 }

/** Rows in the order of the input. */
export type Rows = AsyncIterable<Row>

/** Bytes of one line or record at most; what is longer is an error, and no reason to hold it all. */
export const MAX_ROW_BYTES = 1_048_576
