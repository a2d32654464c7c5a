import type { Position, Rows } from './row.ts'

export const FORMATS = ['csv', 'tsv', 'jsonl', 'lines', 'parquet'] as const
export type Format = (typeof FORMATS)[number]

/** An input, open at the row to go on with. */
export interface Source {
  readonly format: Format
  /** Of a table. */
  readonly columns: readonly string[] | undefined
  /** The name of the column that holds the texts, where there is one. */
  readonly column: string | undefined
  readonly rows: Rows
  /** SHA-256 of the input up to the start of a row, in hexadecimal; of a Parquet file, or with `wholeDigest`, of all of it. */
  digestAt(position: Position): string
  /** Share of the input that was read, from 0 to 1; `undefined` where its size is unknown. */
  progress(): number | undefined
}

/** Where an earlier run stopped, and what the input was like up to there. */
interface Resume {
  readonly position: Position
  readonly digest: string
  readonly columns?: readonly string[] | undefined
}

export interface SourceOptions {
  /** By the file's name if left out. */
  readonly format?: Format | undefined
  /** Column or member that holds the texts. */
  readonly column?: string | undefined
  readonly delimiter?: string | undefined
  /** Code points of a text at most. */
  readonly maxChars: number
  /** Whether `digestAt` will be asked, so that what was read is kept until then. */
  readonly resumable: boolean
  /** Whether `digestAt` is to tell the digest of the whole file, which is then read once more, before all. */
  readonly wholeDigest?: boolean | undefined
  readonly resume?: Resume | undefined
}

const ENDINGS: readonly (readonly [RegExp, Format])[] = [
  [/\.csv(\.gz)?$/i, 'csv'],
  [/\.(tsv|tab)(\.gz)?$/i, 'tsv'],
  [/\.(jsonl|ndjson)(\.gz)?$/i, 'jsonl'],
  [/\.parquet$/i, 'parquet'],
]

/** The format that a file's name stands for: plain lines where it says nothing. */
export const formatOf = (path: string): Format =>
  ENDINGS.find(([ending]) => ending.test(path))?.[1] ?? 'lines'
