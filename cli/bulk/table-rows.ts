import { CommandError, UsageError } from '../command.ts'
import { decode, whyNotText } from './check-text.ts'
import { readRecords, type TableRecord } from './records.ts'
import type { Position, Row, RowError, Rows } from './row.ts'

interface TableOptions {
  readonly from: Position
  readonly delimiter: string
  /** Code points of a text at most. */
  readonly maxChars: number
  /** Names of the columns, if they are known: the header was read before. */
  readonly columns: readonly string[] | undefined
}

interface Table {
  readonly columns: readonly string[]
  /** The rows, of which one cell, counted from 0, holds the text. */
  rowsOf(textAt: number): Rows
}

/** Reads the header of a table, unless it is known. Throws a `CommandError` if there is none. */
export async function openTable(
  chunks: AsyncIterable<Buffer>,
  options: TableOptions,
): Promise<Table> {
  const records = readRecords(chunks, options)
  const columns = options.columns ?? (await readColumns(records))
  const { maxChars } = options
  return {
    columns,
    rowsOf: (textAt) => readRows(records, { width: columns.length, textAt, maxChars }),
  }
}

async function readColumns(records: AsyncGenerator<TableRecord>): Promise<readonly string[]> {
  const { value, done } = await records.next()
  if (done)
    throw new CommandError('the input is empty: a table begins with the names of its columns')
  return value.cells.map((cell: Buffer) => decode(cell).text)
}

interface Shape {
  /** Cells of a row. */
  readonly width: number
  readonly textAt: number
  readonly maxChars: number
}

/** A row with too few or too many cells is an error; an empty line is none. */
async function* readRows(records: AsyncIterable<TableRecord>, shape: Shape): Rows {
  for await (const record of records) {
    if (!isEmptyLine(record, shape)) yield toRow(record, shape)
  }
}

/** In a table of one column an empty line is a blank text. */
const isEmptyLine = ({ cells }: TableRecord, { width }: Shape) =>
  width > 1 && cells.length === 1 && cells[0]?.length === 0

function toRow(record: TableRecord, shape: Shape): Row {
  const decoded = record.cells.map(decode)
  const fields = decoded.map(({ text }) => text)
  const place = { line: record.line, next: record.next, fields }
  const text = fields[shape.textAt] ?? ''
  const valid = decoded.every((cell) => cell.valid)
  const error = whyNotRecord(record, valid, shape) ?? whyNotText(text, shape.maxChars)
  return error ? { ...place, text: '', error } : { ...place, text }
}

function whyNotRecord(
  { cells, fault }: TableRecord,
  valid: boolean,
  { width }: Shape,
): RowError | undefined {
  if (fault) return fault
  if (cells.length !== width) return 'ragged'
  return valid ? undefined : 'not_utf8'
}

/**
 * The column that holds the texts, by name or by number from 1; without one: the column `text`, or the
 * only one. Throws a `UsageError` that lists the columns.
 */
export function findColumn(columns: readonly string[], name: string | undefined): number {
  const at = name === undefined ? defaultColumn(columns) : indexOfColumn(columns, name)
  if (at >= 0) return at
  const known = columns.map((column) => JSON.stringify(column)).join(', ')
  const reason =
    name === undefined
      ? 'which column holds the texts? Name it by --column'
      : `there is no column ${JSON.stringify(name)}`
  throw new UsageError(`${reason}; there are ${known}`)
}

const defaultColumn = (columns: readonly string[]) =>
  columns.length === 1 ? 0 : columns.indexOf('text')

function indexOfColumn(columns: readonly string[], name: string): number {
  const at = columns.indexOf(name)
  if (at >= 0 || !/^[1-9]\d*$/.test(name)) return at
  return Number(name) <= columns.length ? Number(name) - 1 : -1
}
