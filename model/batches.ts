import { BatchShape } from './batch-shape.ts'

/**
 * Splits rows into batches of similar length, so that there is little padding. `lengths[i]` is the
 * tokens of row i; each batch lists row indexes, the longest row last.
 */
export function toBatches(lengths: readonly number[], maxTokens: number): number[][] {
  const lengthOf = (row: number) => lengths[row] ?? 0
  const order = lengths.map((_, row) => row).sort((a, b) => lengthOf(a) - lengthOf(b))
  const runs: number[][] = []
  let shape = new BatchShape({ maxTokens })

  for (const row of order) {
    if (runs.length === 0 || !shape.admits(lengthOf(row))) {
      runs.push([])
      shape = new BatchShape({ maxTokens })
    }
    runs.at(-1)?.push(row)
    shape.add(lengthOf(row))
  }
  return runs
}
