import { readCells } from '../../app/rows/cells.ts'
import { csvEnds } from '../../app/rows/record-ends.ts'
import { type Frame, readFrames } from './frames.ts'
import type { Position } from './row.ts'

/** One record of a table, or a line that can't be one. */
export interface TableRecord extends Omit<Frame, 'bytes'> {
  /** The bytes of each cell; of a line that can't be a record the line, as one cell. */
  readonly cells: readonly Buffer[]
}

interface RecordOptions {
  /** One ASCII character. */
  readonly delimiter: string
  readonly from: Position
}

/** The records of a CSV or TSV file (RFC 4180). */
export async function* readRecords(
  chunks: AsyncIterable<Buffer>,
  { delimiter, from }: RecordOptions,
): AsyncGenerator<TableRecord> {
  const ends = csvEnds(delimiter)
  for await (const frames of readFrames(chunks, { ends, from })) yield* toRecords(frames, delimiter)
}

function toRecords(frames: readonly Frame[], delimiter: string): readonly TableRecord[] {
  const whole = frames.filter(({ fault }) => !fault).map(({ bytes }) => bytes)
  const cells = readCells(whole, delimiter).values()
  return frames.map(({ bytes, ...frame }) => {
    const read = frame.fault ? undefined : cells.next().value
    return read ? { ...frame, cells: read } : { fault: 'unclosed_quote', ...frame, cells: [bytes] }
  })
}
