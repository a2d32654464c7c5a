import type { Rows } from '../../model/inference.ts'
import type { TokenizedTexts } from '../workers/messages.ts'
import { zip } from '../zip.ts'
import type { Job, Row } from './job.ts'

/** Texts of a job, by their numbers, as rows. */
export function toRows(
  job: Job,
  indexes: readonly number[],
  { ids, lengths, truncated }: TokenizedTexts,
): Row[] {
  let start = 0
  return zip(indexes, zip(lengths, truncated)).map(([index, [length, cut]]) => {
    const own = ids.subarray(start, start + length)
    start += length
    return { job, index, ids: own, length, truncated: cut, retry: false }
  })
}

/** Rows as a worker takes them. */
export function toBatch(rows: readonly Row[]): Rows {
  const lengths = rows.map((row) => row.length)
  const ids = new Int32Array(lengths.reduce((sum, length) => sum + length, 0))
  let start = 0
  for (const row of rows) {
    ids.set(row.ids, start)
    start += row.length
  }
  return { ids, lengths }
}
