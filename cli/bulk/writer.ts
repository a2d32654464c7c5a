import { stringify } from 'csv-stringify/sync'
import { UsageError } from '../command.ts'
import type { Answered, Outcome } from './outcome.ts'
import type { Row } from './row.ts'
import type { Format, Source } from './source.ts'

/** Columns, or members, that a row gains. */
const GAINED = ['label', 'score', 'truncated', 'error'] as const

/** Digits of a score: as many as a float32 holds for certain. */
const SCORE_DIGITS = 6

export type OutputFormat = Exclude<Format, 'parquet'>

/** Turns answered rows into text. */
export interface RowWriter {
  /** Comes before the first row. */
  readonly head: string
  write(rows: readonly Answered[]): string
}

interface WriterOptions {
  readonly format: OutputFormat
  /** In front of the names of the columns that a row gains. */
  readonly prefix: string
  /** Whether cells that a spreadsheet would run as formulas get an apostrophe in front. */
  readonly safeCells: boolean
}

/** The format in which rows of an input are written unless told otherwise: a table as a table. */
export const outputOf = (format: Format): OutputFormat => (format === 'parquet' ? 'csv' : format)

/** Throws a `UsageError` if the rows of this input can't be written so. */
export function createWriter(source: Source, options: WriterOptions): RowWriter {
  const { format } = options
  if (format === 'jsonl') return createJsonWriter(source, options)
  if (format === 'lines') return createLineWriter(source)
  return createTableWriter(source, { ...options, format })
}

function createTableWriter(
  source: Source,
  options: WriterOptions & { readonly format: 'csv' | 'tsv' },
): RowWriter {
  const { columns = source.format === 'lines' ? ['text'] : undefined } = source
  if (!columns) throw new UsageError('JSON Lines have no columns: write them as jsonl')
  const gained = gainedNames(columns, options.prefix)
  const delimiter = options.format === 'tsv' ? '\t' : ','
  // All rows at once, as the library takes longer to begin than to write one.
  const toLines = (rows: (readonly string[])[]) =>
    stringify(rows, { delimiter, escape_formulas: options.safeCells })
  const toCells = ({ row, outcome }: Answered) => [
    ...cellsOf(row, columns.length),
    ...gainedCells(row, outcome),
  ]
  return {
    head: toLines([[...columns, ...gained]]),
    write: (rows) => toLines(rows.map(toCells)),
  }
}

/** The names of what rows gain. Throws a `UsageError` if the input has one of them. */
function gainedNames(names: readonly string[], prefix: string): readonly string[] {
  const gained = GAINED.map((name) => prefix + name)
  const taken = gained.find((name) => names.includes(name))
  if (taken === undefined) return gained
  throw new UsageError(`the input has a column "${taken}" already: choose other names by --prefix`)
}

/** A row that is no record is kept in the first cells, as it was read. */
function cellsOf({ fields }: Row, width: number): readonly string[] {
  const cells = Array.isArray(fields) ? fields : [String(fields)]
  return Array.from({ length: width }, (_, i) => cells[i] ?? '')
}

function gainedCells({ error }: Row, outcome: Outcome | undefined): readonly string[] {
  if (!outcome) return ['', '', '', error ?? '']
  return [outcome.label, toScore(outcome), outcome.truncated ? 'true' : '', '']
}

const toScore = ({ score }: Outcome) => score.toFixed(SCORE_DIGITS)

function createJsonWriter(
  { columns, column = 'text' }: Source,
  { prefix }: WriterOptions,
): RowWriter {
  const [label = '', score = '', truncated = '', error = ''] = gainedNames(columns ?? [], prefix)
  const gained = (row: Row, outcome: Outcome | undefined) =>
    outcome
      ? {
          [label]: outcome.label,
          [score]: Number(toScore(outcome)),
          ...(outcome.truncated && { [truncated]: true }),
        }
      : { [error]: row.error }
  const toLine = ({ row, outcome }: Answered) =>
    `${JSON.stringify({ ...membersOf(row, columns, column), ...gained(row, outcome) })}\n`
  return { head: '', write: (rows) => rows.map(toLine).join('') }
}

function membersOf({ fields }: Row, columns: readonly string[] | undefined, column: string) {
  if (typeof fields === 'string') return { [column]: fields }
  if (!columns) return fields
  return Object.fromEntries(columns.map((name, i) => [name, Reflect.get(fields, i) ?? '']))
}

/** `POSITIVE`, its score and the text, separated by tabs. */
function createLineWriter({ columns }: Source): RowWriter {
  if (columns) throw new UsageError('a table is written as csv, tsv or jsonl')
  return { head: '', write: (rows) => rows.map(toPlainLine).join('') }
}

function toPlainLine({ row, outcome }: Answered): string {
  const text = typeof row.fields === 'string' ? row.fields : JSON.stringify(row.fields)
  const answer = outcome ? [outcome.label, toScore(outcome)] : ['ERROR', row.error ?? '']
  return `${[...answer, text].join('\t')}\n`
}
