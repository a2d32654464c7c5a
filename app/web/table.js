import { CsvReader, delimiterOf, FileError } from './csv.js'

/** Bytes that are read at once. */
const PIECE_BYTES = 256 * 1024

/** @typedef {{ name: string, size: number, slice: Blob['slice'] }} Source A file. */
/** @typedef {{ cells: string[], bytes: number }} Row A record, and how much of the file was read by then. */

/**
 * A file's records, a piece at a time: as long as a file may be, one piece is held. Throws a `FileError`.
 *
 * @param {Source} file
 * @returns {AsyncGenerator<Row, void>}
 */
export async function* rowsOf(file) {
  /** @type {{ read: (piece: string) => string[][], end: () => string[][] } | undefined} */
  let reader
  let bytes = 0
  for await (const piece of piecesOf(file)) {
    reader ??= readerOf(file.name, piece.text)
    bytes = piece.bytes
    for (const cells of reader.read(piece.text)) yield { cells, bytes }
  }
  for (const cells of reader?.end() ?? []) yield { cells, bytes }
}

/**
 * @param {string} name
 * @param {string} beginning
 */
const readerOf = (name, beginning) =>
  isTable(name) ? new CsvReader(formatOf(name, beginning)) : new LineReader()

/** @param {string} name */
export const isTable = (name) => /\.(csv|tsv|tab)$/i.test(name)

/**
 * @param {string} name
 * @param {string} beginning
 */
const formatOf = (name, beginning) => (/\.(tsv|tab)$/i.test(name) ? '\t' : delimiterOf(beginning))

/** Plain lines: each is a row with one cell. */
class LineReader {
  #rest = ''

  /** @param {string} piece */
  read(piece) {
    const lines = (this.#rest + piece).split('\n')
    this.#rest = lines.pop() ?? ''
    return lines.map((line) => [line.replace(/\r$/, '')]).filter(([line]) => line !== '')
  }

  end() {
    return this.#rest === '' ? [] : [[this.#rest]]
  }
}

/** @param {Source} file */
async function* piecesOf(file) {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for (let from = 0; from < file.size; from += PIECE_BYTES) {
    const bytes = Math.min(from + PIECE_BYTES, file.size)
    const text = await read(file, { from, bytes, decoder })
    yield { text, bytes }
  }
}

/**
 * @param {Source} file
 * @param {{ from: number, bytes: number, decoder: TextDecoder }} piece
 */
async function read(file, { from, bytes, decoder }) {
  const buffer = await file
    .slice(from, bytes)
    .arrayBuffer()
    .catch((cause) => {
      throw new FileError('The file could not be read: was it moved or changed?', { cause })
    })
  try {
    return decoder.decode(buffer, { stream: bytes < file.size })
  } catch (cause) {
    throw new FileError('The file is not UTF-8. In a spreadsheet, save it as "CSV UTF-8".', {
      cause,
    })
  }
}

/**
 * The first rows, from which somebody chooses the column.
 *
 * @param {Source} file
 * @param {number} count
 */
export async function firstRows(file, count) {
  /** @type {string[][]} */
  const rows = []
  for await (const { cells } of rowsOf(file)) {
    rows.push(cells)
    if (rows.length === count) break
  }
  return rows
}

const NAMES = /^(text|texts|review|reviews|comment|comments|message|sentence|content|body)$/i

/**
 * The column that most likely has the texts: by its name, else the one with the longest cells.
 *
 * @param {readonly (readonly string[])[]} rows
 */
export function guessColumn([header = [], ...rows]) {
  const named = header.findIndex((name) => NAMES.test(name.trim()))
  if (named !== -1) return named
  const lengths = header.map((_, i) =>
    rows.reduce((sum, cells) => sum + (cells[i]?.length ?? 0), 0),
  )
  return Math.max(0, lengths.indexOf(Math.max(...lengths)))
}
