import { lineEnds } from '../../app/rows/record-ends.ts'
import { decode, whyNotText } from './check-text.ts'
import { type Frame, readFrames } from './frames.ts'
import type { Position, Row, RowError, Rows } from './row.ts'

/** Reads plain text: each line is one text. */
export async function* readPlainRows(
  chunks: AsyncIterable<Buffer>,
  { from, maxChars }: { readonly from: Position; readonly maxChars: number },
): Rows {
  for await (const lines of readFrames(chunks, { ends: lineEnds(), from })) {
    for (const { bytes, fault, line, next } of lines) {
      const { text, valid } = decode(bytes)
      const error = fault ?? whyNotLine(valid) ?? whyNotText(text, maxChars)
      yield toRow({ line, next, fields: text }, text, error)
    }
  }
}

interface JsonOptions {
  readonly from: Position
  readonly maxChars: number
  /** The member that holds the text. */
  readonly column: string
}

/** Reads JSON Lines: each line is an object that holds the text, or the text itself as a string. */
export async function* readJsonRows(
  chunks: AsyncIterable<Buffer>,
  { from, maxChars, column }: JsonOptions,
): Rows {
  for await (const lines of readFrames(chunks, { ends: lineEnds(), from })) {
    for (const line of lines) yield toJsonRow(line, column, maxChars)
  }
}

function toJsonRow({ bytes, fault, line, next }: Frame, column: string, maxChars: number): Row {
  const { text: source, valid } = decode(bytes)
  const bad = fault ?? whyNotLine(valid)
  if (bad) return toRow({ line, next, fields: source }, '', bad)
  const fields = parse(source)
  if (fields === undefined) return toRow({ line, next, fields: source }, '', 'malformed_json')
  const text = textOf(fields, column)
  if (text === undefined) return toRow({ line, next, fields }, '', 'no_text')
  return toRow({ line, next, fields }, text, whyNotText(text, maxChars))
}

const whyNotLine = (valid: boolean): RowError | undefined => (valid ? undefined : 'not_utf8')

/** An object, or a string in the place of one; `undefined` for anything else. */
function parse(source: string): Readonly<Record<string, unknown>> | string | undefined {
  try {
    const value: unknown = JSON.parse(source)
    if (typeof value === 'string') return value
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function textOf(fields: Readonly<Record<string, unknown>> | string, column: string) {
  const text = typeof fields === 'string' ? fields : fields[column]
  return typeof text === 'string' ? text : undefined
}

const toRow = (
  place: Pick<Row, 'line' | 'next' | 'fields'>,
  text: string,
  error: RowError | undefined,
): Row => (error ? { ...place, text: '', error } : { ...place, text })
