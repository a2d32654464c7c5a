/**
 * What starting one more run of the model costs, in tokens that it could have read instead.
 * Up to this much padding is cheaper than a run of its own.
 */
const RUN_OVERHEAD_TOKENS = 16

/**
 * Splits rows into runs of nearly equal length, so that little is padded.
 * `lengths[i]` is the tokens of row i; each run lists row numbers, the longest row last.
 */
export function toRuns(lengths: readonly number[], maxTokens: number): number[][] {
  const lengthOf = (row: number) => lengths[row] ?? 0
  const order = lengths.map((_, row) => row).sort((a, b) => lengthOf(a) - lengthOf(b))
  const runs: number[][] = []
  let run: number[] = []

  for (const row of order) {
    const longest = lengthOf(run.at(-1) ?? row)
    const padding = run.length * (lengthOf(row) - longest)
    const full = (run.length + 1) * lengthOf(row) > maxTokens
    if (run.length > 0 && (full || padding > RUN_OVERHEAD_TOKENS)) {
      runs.push(run)
      run = []
    }
    run.push(row)
  }
  if (run.length > 0) runs.push(run)
  return runs
}
