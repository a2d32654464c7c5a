import { parse } from 'csv-parse/sync'

const LINE_END = Buffer.from('\n')

/**
 * The cells of each record of a table, without its line end, as bytes; `undefined` for what is none. All
 * at once, as the library takes longer to begin than to read one. `delimiter`: one ASCII character.
 */
export function readCells(
  records: readonly Uint8Array[],
  delimiter = ',',
): (readonly Buffer[] | undefined)[] {
  if (records.length === 0) return []
  const bytes = Buffer.concat(records.flatMap((record) => [record, LINE_END]))
  const cells = parseRecords(bytes, delimiter)
  if (cells?.length === records.length) return cells
  // One of them is to blame.
  return records.length === 1
    ? [undefined]
    : records.flatMap((record) => readCells([record], delimiter))
}

function parseRecords(bytes: Buffer, delimiter: string): Buffer[][] | undefined {
  try {
    const records: unknown[][] = parse(bytes, {
      delimiter,
      encoding: null,
      record_delimiter: ['\r\n', '\n'],
      // A quote inside of a cell is a character like any other.
      relax_quotes: true,
      relax_column_count: true,
    })
    // Typed as strings, which they are not without an encoding.
    return records.map((cells) => cells.filter(Buffer.isBuffer))
  } catch {
    return undefined
  }
}
