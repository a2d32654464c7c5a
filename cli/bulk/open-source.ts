import { CommandError, UsageError } from '../command.ts'
import { digestOf } from './file-digest.ts'
import { type Input, MARK_BYTES, openInput, PrefixDigest, skipBytes } from './input.ts'
import { readJsonRows, readPlainRows } from './line-rows.ts'
import { withNewlines } from './newlines.ts'
import { openParquet } from './parquet.ts'
import { type Position, START } from './row.ts'
import { type Format, formatOf, type Source, type SourceOptions } from './source.ts'
import { findColumn, openTable } from './table-rows.ts'

/** Opens a file, or standard input for `-`. Throws a `CommandError` if it can't be read as told. */
export async function openSource(path: string, options: SourceOptions): Promise<Source> {
  const format = options.format ?? formatOf(path)
  if (format === 'parquet') return openParquet(path, options)
  const input = await openInput(path)
  const whole = options.wholeDigest ? await digestOf(path) : undefined
  const digest = new PrefixDigest()
  const digestAt = ({ offset }: Position) => whole ?? digest.upTo(offset)
  const from = options.resume?.position ?? startOf(input)
  const read = options.resumable && !whole ? digest.through(input) : input
  const chunks = skipBytes(read, from.offset, () => {
    if (!options.resume || digestAt(from) === options.resume.digest) return
    throw new CommandError(
      `${path} is not what it was: what was read of it has changed. Begin again without --resume`,
    )
  })
  return {
    format,
    ...(await openRows(chunks, { ...options, format, from, first: input.first })),
    digestAt: (position) => digestAt(position) ?? '',
    progress() {
      const { read, total } = input.progress()
      return total === undefined ? undefined : read / total
    },
  }
}

const startOf = ({ hasMark }: Input): Position =>
  hasMark ? { ...START, offset: MARK_BYTES } : START

interface Opening extends SourceOptions {
  readonly format: Exclude<Format, 'parquet'>
  readonly from: Position
  readonly first: Buffer
}

async function openRows(
  chunks: AsyncIterable<Buffer>,
  options: Opening,
): Promise<Pick<Source, 'columns' | 'column' | 'rows'>> {
  const { format, column = 'text' } = options
  if (format === 'lines')
    return { columns: undefined, column: undefined, rows: readPlainRows(chunks, options) }
  if (format === 'jsonl')
    return { columns: undefined, column, rows: readJsonRows(chunks, { ...options, column }) }
  const delimiter = toDelimiter(options.delimiter) ?? delimiterOf(format, options.first)
  const { columns, rowsOf } = await openTable(withNewlines(chunks, options.first), {
    ...options,
    delimiter,
    columns: options.resume?.columns,
  })
  const textAt = findColumn(columns, options.column)
  return { columns, column: columns[textAt], rows: rowsOf(textAt) }
}

/** Throws a `UsageError` unless it is one ASCII character; a tab may be written as in a shell. */
function toDelimiter(delimiter: string | undefined): string | undefined {
  if (delimiter === '\\t') return '\t'
  if (delimiter === undefined || /^[^"\r\n\u0080-\uffff]$/.test(delimiter)) return delimiter
  throw new UsageError('--delimiter must be one ASCII character, and no quote')
}

/** Spreadsheets of half the world write CSV with semicolons. */
function delimiterOf(format: 'csv' | 'tsv', first: Buffer): string {
  if (format === 'tsv') return '\t'
  const [header = ''] = first.toString('utf8').split('\n', 1)
  return !header.includes(',') && header.includes(';') ? ';' : ','
}
