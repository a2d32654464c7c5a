import { pMapIterable } from 'p-map'
import { zip } from '../../app/zip.ts'
import { inChunks } from './in-chunks.ts'
import type { Answered, Outcome } from './outcome.ts'
import type { Predictor } from './predictor.ts'
import type { Row, RowError, Rows } from './row.ts'

/** Rows that are sent together; a chunk that is not full waits a moment only, as an input may be somebody who types. */
const CHUNK = { size: 256, patienceMs: 5 }

/** Rows with their outcomes, in the order of the input, in chunks; few are held at a time. */
export function answeredRows(
  rows: Rows,
  { predict, calls }: Pick<Predictor, 'predict' | 'calls'>,
): AsyncIterable<readonly Answered[]> {
  const answer = async (chunk: readonly Row[]): Promise<readonly Answered[]> => {
    const good = chunk.filter(({ error }) => error === undefined)
    const outcomes = new Map(zip(good, await predict(good.map(({ text }) => text))))
    return chunk.map((row) => toAnswered(row, outcomes.get(row)))
  }
  return pMapIterable(inChunks(rows, CHUNK), answer, {
    concurrency: calls,
    backpressure: 2 * calls,
  })
}

const toAnswered = (row: Row, outcome: Outcome | RowError | undefined): Answered =>
  typeof outcome === 'string'
    ? { row: { ...row, text: '', error: outcome }, outcome: undefined }
    : { row, outcome }
