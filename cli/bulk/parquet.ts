import {
  type AsyncBuffer,
  asyncBufferFromFile,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { CommandError, UsageError } from '../command.ts'
import { whyNotText } from './check-text.ts'
import { digestOf } from './file-digest.ts'
import { type Position, type Row, START } from './row.ts'
import type { Source, SourceOptions } from './source.ts'
import { findColumn } from './table-rows.ts'

/** Opens a Parquet file, which is read a row group at a time. Its positions count rows. */
export async function openParquet(path: string, options: SourceOptions): Promise<Source> {
  if (path === '-') throw new UsageError('Parquet is read from its end: name a file')
  const file = await open(path)
  const metadata = await parquetMetadataAsync(file).catch((cause: Error) => {
    throw new CommandError(`${path} is no Parquet file: ${cause.message}`, { cause })
  })
  const columns = parquetSchema(metadata).children.map(({ element }) => element.name)
  const column = columns[findColumn(columns, options.column)] ?? ''
  const digest = await digestOf(path)
  const { position, digest: before = digest } = options.resume ?? { position: START }
  if (digest !== before) throw new CommandError(`${path} has changed. Begin again without --resume`)
  const total = Number(metadata.num_rows)
  let read = position.offset
  const groups = metadata.row_groups.map((group) => Number(group.num_rows))
  return {
    format: 'parquet',
    columns,
    column,
    digestAt: () => digest,
    progress: () => (total === 0 ? 1 : read / total),
    rows: (async function* () {
      for (const span of spansOf(groups, position)) {
        const objects = await parquetReadObjects({ file, metadata, compressors, ...span })
        yield* toRows(objects, { ...span, columns, column, maxChars: options.maxChars })
        read = span.rowEnd
      }
    })(),
  }
}

const open = (path: string): Promise<AsyncBuffer> =>
  asyncBufferFromFile(path).catch((cause: Error) => {
    throw new CommandError(`can't read ${path}: ${cause.message}`, { cause })
  })

interface Span {
  readonly rowStart: number
  readonly rowEnd: number
}

/** What is left of each row group. */
function spansOf(groups: readonly number[], { offset }: Position): readonly Span[] {
  let end = 0
  const spans = groups.map((rows) => {
    const rowStart = Math.max(end, offset)
    end += rows
    return { rowStart, rowEnd: end }
  })
  return spans.filter(({ rowStart, rowEnd }) => rowStart < rowEnd)
}

interface Shape extends Span {
  readonly columns: readonly string[]
  readonly column: string
  readonly maxChars: number
}

function* toRows(objects: readonly Record<string, unknown>[], shape: Shape): Generator<Row> {
  for (const [i, object] of objects.entries()) {
    const number = shape.rowStart + i + 1
    const place = {
      line: number,
      next: { offset: number, line: number + 1 },
      fields: shape.columns.map((name) => toCell(object[name])),
    }
    const text = object[shape.column]
    const error = typeof text === 'string' ? whyNotText(text, shape.maxChars) : 'no_text'
    yield error ? { ...place, text: '', error } : { ...place, text: String(text) }
  }
}

/** A value as a cell of a table. */
function toCell(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'object')
    return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part))
  return String(value)
}
