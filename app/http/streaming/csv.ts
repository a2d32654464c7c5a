import { isUtf8 } from 'node:buffer'
import { stringify } from 'csv-stringify/sync'
import { AppError } from '../../errors.ts'
import { indexOfHighest } from '../../label-scores.ts'
import { readCells } from '../../rows/cells.ts'
import { csvEnds } from '../../rows/record-ends.ts'
import type { Format, RowReader } from './format.ts'
import {
  type AnsweredRow,
  type Frame,
  isRowError,
  ROW_TOO_LARGE,
  type Row,
  type RowError,
} from './row.ts'
import type { TextCheck } from './text-check.ts'

/** The cells of a record; `undefined` if it is none. */
type Cells = readonly Buffer[] | undefined

/** Columns of the answer. What the sender wrote is in none: nobody's spreadsheet runs it as a formula. */
const COLUMNS = ['line', 'label', 'score', 'truncated', 'error', 'summary']

/** Records of CSV (RFC 4180), of which the cell below `text` is read. */
export function csv(check: TextCheck, labels: readonly string[]): Format {
  return {
    name: 'csv',
    type: 'text/csv; charset=utf-8; header=present',
    reader: () => createReader(check),
    writer: () => ({
      head: stringify([COLUMNS]),
      write: (rows) => stringify(rows.map((row) => toCells(row, labels))),
      end: (summary) => stringify([['', '', '', '', '', JSON.stringify(summary)]]),
    }),
  }
}

function createReader(check: TextCheck): RowReader {
  let columns = 0
  let column = -1
  const toRow = (frame: Frame, cells: Cells): Row => {
    if (!frame.bytes) return { frame, content: ROW_TOO_LARGE }
    if (!cells) return { frame, content: invalid('Must be one record of CSV in UTF-8.') }
    if (cells.length === columns) return { frame, content: check(cells[column]?.toString()) }
    return { frame, content: invalid(`Has ${cells.length} cells; the header has ${columns}.`) }
  }

  return {
    ends: csvEnds(),
    takeHeader(frame) {
      const [cells = []] = frame ? cellsOf([frame]) : []
      const names = cells.map(String)
      columns = names.length
      column = names.indexOf('text')
      if (column === -1 || names.lastIndexOf('text') !== column) throw noText()
    },
    async toRows(frames) {
      const cells = cellsOf(frames)
      return frames.map((frame, i) => toRow(frame, cells[i]))
    },
  }
}

/** Of what is not UTF-8 there are none. */
function cellsOf(frames: readonly Frame[]): Cells[] {
  const texts = frames.flatMap(({ bytes }) => (bytes && isUtf8(bytes) ? [bytes] : []))
  const cells = readCells(texts).values()
  return frames.map(({ bytes }) => (bytes && isUtf8(bytes) ? cells.next().value : undefined))
}

function toCells({ row, outcome }: AnsweredRow, labels: readonly string[]): unknown[] {
  const { line } = row.frame.start
  if (isRowError(outcome)) {
    return [line, '', '', '', `${outcome.code}: ${outcome.message}`, '']
  }
  const { scores, truncated } = outcome
  const winner = indexOfHighest(scores)
  return [line, labels[winner], scores[winner], truncated ? 'true' : '', '', '']
}

const invalid = (message: string): RowError => ({ code: 'invalid_request', message })

const noText = () =>
  new AppError('invalid_request', 'One thing is wrong with the request.', {
    issues: [{ path: '', message: 'The first line must name the columns, one of them "text".' }],
  })
