import { pMapIterable } from 'p-map'
import { zip } from '../../app/zip.ts'
import { inChunks } from './in-chunks.ts'
import type { Answered, Outcome } from './outcome.ts'
import type { Row, Rows } from './row.ts'

/** Rows that are sent together; a chunk that is not full waits a moment only, as an input may be somebody who types. */
const CHUNK = { size: 256, patienceMs: 5 }

/** Chunks in flight: enough texts of about one length for full batches on every core. */
const CHUNKS = 8

type Predict = (texts: readonly string[]) => Promise<readonly Outcome[]>

/** Rows with their outcomes, in the order of the input, in chunks; few are held at a time. */
export function answeredRows(rows: Rows, predict: Predict): AsyncIterable<readonly Answered[]> {
  const answer = async (chunk: readonly Row[]): Promise<readonly Answered[]> => {
    const good = chunk.filter(({ error }) => error === undefined)
    const outcomes = new Map(zip(good, await predict(good.map(({ text }) => text))))
    return chunk.map((row) => ({ row, outcome: outcomes.get(row) }))
  }
  return pMapIterable(inChunks(rows, CHUNK), answer, {
    concurrency: CHUNKS,
    backpressure: 2 * CHUNKS,
  })
}
