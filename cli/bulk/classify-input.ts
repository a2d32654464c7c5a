import { createHash } from 'node:crypto'
import { answeredRows } from './answered-rows.ts'
import { type ChunkEnds, chunkEndsOf, markChunkEnd } from './chunk-ends.ts'
import { openOutputs } from './open-outputs.ts'
import { openSource } from './open-source.ts'
import type { Answered } from './outcome.ts'
import type { Output } from './part-file.ts'
import { type Predictor, ServiceError } from './predictor.ts'
import { START } from './row.ts'
import { cutAtChunks, type Shard, shareOf } from './shard.ts'
import type { Source, SourceOptions } from './source.ts'
import { loadState, removeState, type State, saveState } from './state.ts'
import { type Counts, countRow, noCounts } from './summary.ts'
import { until } from './until.ts'
import { createWriter, type OutputFormat, outputOf, type RowWriter } from './writer.ts'
import { toWritten, type Written } from './written.ts'

/** How often a run says on the disk how far it has come, in milliseconds. */
const SAVE_MS = 1000

export interface ClassifyOptions extends Omit<SourceOptions, 'resume' | 'resumable'> {
  /** A file, or `-` for standard output. */
  readonly out: string
  /** By the input's if left out. */
  readonly to?: OutputFormat | undefined
  /** JSON Lines of the rows that can't be classified; if left out, the output has them. */
  readonly rejectsFile?: string | undefined
  readonly prefix: string
  readonly safeCells: boolean
  readonly resume: boolean
  /** Which of the rows are classified, if not all. */
  readonly shard?: Shard | undefined
  /** Ends the run; what it has written stays, to be resumed. */
  readonly signal: AbortSignal
  onProgress(counts: Counts, share: number | undefined): void
  /** Once all outputs have their names; until it resolves, the run can be resumed. */
  onComplete?(result: Result, written: Written): Promise<void>
}

export interface Result {
  readonly counts: Counts
  /** Of all runs together. */
  readonly seconds: number
  /** Whether the whole input was read. */
  readonly complete: boolean
}

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
      options.onProgress(run.counts, run.source.progress())
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

async function openRun(path: string, options: ClassifyOptions, predictor: Predictor): Promise<Run> {
  const id = runIdOf(options, predictor)
  const stateFile = options.out === '-' ? undefined : `${options.out}.state.json`
  const state = options.resume && stateFile ? await loadState(stateFile, id) : undefined
  const resumable = stateFile !== undefined
  const whole = await openSource(path, { ...options, resumable, resume: state })
  const source = shareOf(whole, options.shard, state?.counts.rows)
  const writer = createWriter(source, { ...options, format: options.to ?? outputOf(source.format) })
  const { output, rejected } = await openOutputs(options, state)
  if (!state) await output.write(writer.head)
  const counts = state?.counts ?? noCounts(predictor.labels)
  const chunkEnds = options.shard && chunkEndsOf(state)
  const { onComplete } = options
  const parts = { id, stateFile, state, source, writer, output, rejected, counts, chunkEnds }
  return new Run({ ...parts, onComplete })
}

/** Of all that decides the bytes of the output, but for the input itself. */
export function runIdOf(options: ClassifyOptions, { digest, longTexts }: Predictor): string {
  const { format, column, delimiter, maxChars, to, prefix, safeCells, rejectsFile } = options
  const model = [digest, longTexts]
  const rejects = rejectsFile !== undefined
  const all = [model, format, column, delimiter, maxChars, to, prefix, safeCells, rejects]
  return createHash('sha256').update(JSON.stringify(all)).digest('hex')
}

interface RunParts {
  readonly id: string
  readonly stateFile: string | undefined
  readonly state: State | undefined
  readonly source: Source
  readonly writer: RowWriter
  readonly output: Output
  readonly rejected: Output | undefined
  readonly counts: Counts
  readonly chunkEnds: ChunkEnds | undefined
  readonly onComplete: ClassifyOptions['onComplete']
}

/** One run over an input, from where an earlier one stopped. */
class Run {
  readonly counts: Counts
  readonly source: Source
  readonly #parts: RunParts
  readonly #startedAt = performance.now()
  #position: State['position']
  #savedAt = performance.now()

  constructor(parts: RunParts) {
    this.#parts = parts
    this.counts = parts.counts
    this.source = parts.source
    this.#position = parts.state?.position ?? START
  }

  async write(chunk: readonly Answered[]): Promise<void> {
    const { writer, output, rejected, chunkEnds } = this.#parts
    const isRejected = ({ outcome }: Answered) => rejected !== undefined && !outcome
    for (const answered of chunk) countRow(this.counts, answered)
    await output.write(writer.write(chunk.filter((one) => !isRejected(one))))
    await rejected?.write(chunk.filter(isRejected).map(toRejected).join(''))
    this.#position = chunk.at(-1)?.row.next ?? this.#position
    if (chunkEnds) markChunkEnd(chunkEnds, this.counts.rows, [output.bytes, rejected?.bytes ?? 0])
    if (performance.now() - this.#savedAt > SAVE_MS) await this.#save()
  }

  async end(complete: boolean): Promise<Result> {
    const { output, rejected, stateFile } = this.#parts
    await this.#save(complete)
    const result = { counts: this.counts, seconds: this.#seconds, complete }
    if (complete) {
      await rejected?.finish()
      await output.finish()
      await this.#parts.onComplete?.(result, this.#written)
      if (stateFile) await removeState(stateFile)
    }
    return result
  }

  /** Those that are finished are closed already. */
  async close(): Promise<void> {
    await this.#parts.output.close()
    await this.#parts.rejected?.close()
  }

  async #save(complete = false): Promise<void> {
    const { id, stateFile, source, output, rejected, chunkEnds } = this.#parts
    this.#savedAt = performance.now()
    if (!stateFile) return
    await output.sync()
    await rejected?.sync()
    await saveState(stateFile, {
      version: 1,
      run: id,
      position: this.#position,
      digest: source.digestAt(this.#position),
      ...(source.columns && { columns: [...source.columns] }),
      outputBytes: output.bytes,
      rejectedBytes: rejected?.bytes ?? 0,
      ...(chunkEnds && { chunkEnds }),
      complete,
      counts: this.counts,
      seconds: this.#seconds,
    })
  }

  get #written(): Written {
    const { id: run, source, writer, output, rejected, chunkEnds } = this.#parts
    const input = source.digestAt(this.#position)
    return toWritten({ run, input, head: writer.head, chunkEnds, output, rejected })
  }

  get #seconds(): number {
    const before = this.#parts.state?.seconds ?? 0
    return before + (performance.now() - this.#startedAt) / 1000
  }
}

const toRejected = ({ row: { line, error, fields } }: Answered) =>
  `${JSON.stringify({ line, error, row: fields })}\n`
