import { basename } from 'node:path'
import { answeredRows } from './answered-rows.ts'
import { chunkEndsOf } from './chunk-ends.ts'
import type { ClassifyOptions } from './classify-options.ts'
import { noCounts } from './counts.ts'
import { findGroupColumns } from './group-values.ts'
import { InputRun, type Result } from './input-run.ts'
import { openOutputs } from './open-outputs.ts'
import { openSource } from './open-source.ts'
import { type Predictor, ServiceError } from './predictor.ts'
import type { Row } from './row.ts'
import { runIdOf } from './run-id.ts'
import { cutAtChunks, shareOf } from './shard.ts'
import { loadState } from './state.ts'
import { until } from './until.ts'
import { createWriter, outputOf } from './writer.ts'

/**
 * Classifies the rows of one input. A file of output appears under its name when it is complete; until
 * then `NAME.part` and `NAME.state.json` hold what a later run goes on from, with the same bytes.
 */
export async function classifyInput(
  path: string,
  options: ClassifyOptions,
  predictor: Predictor,
): Promise<Result> {
  const run = await openRun(path, options, predictor)
  try {
    const answered = answeredRows(run.source.rows, predictor)
    for await (const chunk of until(answered, options.signal)) {
      for (const rows of cutAtChunks(chunk, run.counts.rows)) await run.write(rows)
      options.onProgress(run.counts, run.source.progress(), run.rowsBefore)
    }
    return await run.end(!options.signal.aborted)
  } catch (error) {
    const isLost = error instanceof ServiceError && run.counts.rows > 0 && options.out !== '-'
    if (!isLost) throw error
    // All that was written is whole.
    await run.end(false)
    throw new ServiceError(`${error.message}; --resume goes on`, { cause: error })
  } finally {
    await run.close()
  }
}

async function openRun(
  path: string,
  options: ClassifyOptions,
  predictor: Predictor,
): Promise<InputRun> {
  const id = runIdOf(options, predictor)
  const stateFile = options.out === '-' ? undefined : `${options.out}.state.json`
  const state = options.resume && stateFile ? await loadState(stateFile, id) : undefined
  const resumable = stateFile !== undefined
  const whole = await openSource(path, { ...options, resumable, resume: state })
  const source = shareOf(whole, options.shard, state?.counts.rows)
  const writer = createWriter(source, { ...options, format: options.to ?? outputOf(source.format) })
  const groupColumns = findGroupColumns(source, options.by)
  const { output, rejected } = await openOutputs(options, state)
  if (!state) await output.write(writer.head)
  const show = options.showRows
  const { unsure } = predictor.model
  const counts =
    state?.counts ?? noCounts(predictor.labels, { columns: groupColumns.names, show, unsure })
  const { startedAt } = state ?? options
  const chunkEnds = options.shard && chunkEndsOf(state)
  const { onComplete } = options
  const parts = { id, stateFile, state, source, writer, output, rejected, counts, startedAt }
  const originOf = (row: Row) => ({ input: nameOf(path), values: groupColumns.valuesOf(row) })
  return new InputRun({ ...parts, originOf, chunkEnds, onComplete })
}

/** Without its folders, which are nobody's business who reads a report. */
export const nameOf = (path: string): string => (path === '-' ? 'standard input' : basename(path))
