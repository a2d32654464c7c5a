import type { Prediction } from '../../classifier/classify.ts'
import { type ErrorCode, toAppError } from '../../errors.ts'

/** A place in a body: the number of its line, and the bytes before it. */
export interface Position {
  readonly line: number
  readonly byte: number
}

/** One record of a body: a line of NDJSON, or of CSV with the lines in its quoted cells. */
export interface Frame {
  readonly start: Position
  readonly end: Position
  /** Without the line's end; `undefined` if they were more than a row may have. */
  readonly bytes: Uint8Array | undefined
}

/** Why a row has no prediction; never repeats what it says. */
export interface RowError {
  readonly code: ErrorCode
  readonly message: string
}

/** A record as it was read: its text, or what is wrong with it. */
export interface Row {
  readonly frame: Frame
  /** The sender's own name for it, which goes back as it came. */
  readonly id?: string | number | undefined
  readonly content: string | RowError
}

export interface AnsweredRow {
  readonly row: Row
  readonly outcome: Prediction | RowError
}

/** Of a text in JSON at most, where each character is two escapes; and of all else in its row. */
const BYTES_PER_CHAR = 12
const OTHER_BYTES = 65_536

/** Bytes of one row at most, with the end of its line. */
export const maxRowBytes = (maxChars: number): number => maxChars * BYTES_PER_CHAR + OTHER_BYTES

/** What becomes of a record whose bytes were too many. */
export const ROW_TOO_LARGE: RowError = {
  code: 'payload_too_large',
  message: 'Has more bytes than a row may have.',
}

export const isPrediction = (outcome: Prediction | RowError): outcome is Prediction =>
  !isRowError(outcome)

export const isRowError = (outcome: Prediction | RowError): outcome is RowError => 'code' in outcome

/** What is wrong with one row, where an ordinary request would be answered by this error. */
export function toRowError(error: unknown): RowError {
  const { code, message, issues } = toAppError(error)
  return { code, message: issues?.[0]?.message ?? message }
}
