import { UsageError } from '../command.ts'
import type { Row } from './row.ts'
import type { Source } from './source.ts'
import { findColumn } from './table-rows.ts'

interface GroupColumns {
  readonly names: readonly string[]
  /** The values of a row in these columns, in the same order; empty ones where it has none. */
  valuesOf(row: Row): readonly string[]
}

/** Finds the columns that rows are grouped by. Throws a `UsageError` if the input has no such column. */
export function findGroupColumns(
  { columns, format }: Pick<Source, 'columns' | 'format'>,
  by: readonly string[],
): GroupColumns {
  if (by.length === 0) return { names: [], valuesOf: () => [] }
  if (format === 'lines') throw new UsageError('plain lines have no columns to group by')
  if (!columns) {
    const names = [...new Set(by)]
    return { names, valuesOf: ({ fields }) => names.map((name) => memberOf(fields, name)) }
  }
  const places = [...new Set(by.map((name) => findColumn(columns, name)))]
  return {
    names: places.map((at) => columns[at] ?? ''),
    valuesOf: ({ fields }) => places.map((at) => (Array.isArray(fields) ? (fields[at] ?? '') : '')),
  }
}

function memberOf(fields: Row['fields'], name: string): string {
  if (typeof fields === 'string' || !Object.hasOwn(fields, name)) return ''
  const value: unknown = Reflect.get(fields, name)
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
