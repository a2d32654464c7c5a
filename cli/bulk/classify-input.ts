import { createHash } from 'node:crypto'
import { answeredRows } from './answered-rows.ts'
import { openSource } from './open-source.ts'
import type { Answered } from './outcome.ts'
import { type Output, PartFile } from './part-file.ts'
import { type Predictor, ServiceError } from './predictor.ts'
import { START } from './row.ts'
import type { Source, SourceOptions } from './source.ts'
import { openStandardOutput } from './standard-output.ts'
import { loadState, removeState, type State, saveState } from './state.ts'
import { type Counts, countRow, noCounts } from './summary.ts'
import { until } from './until.ts'
import { createWriter, type OutputFormat, outputOf, type RowWriter } from './writer.ts'

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
  /** Ends the run; what it has written stays, to be resumed. */
  readonly signal: AbortSignal
  onProgress(counts: Counts, share: number | undefined): void
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
      await run.write(chunk)
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
  const source = await openSource(path, { ...options, resumable, resume: state })
  const writer = createWriter(source, { ...options, format: options.to ?? outputOf(source.format) })
  const output = await openOutput(options.out, state?.outputBytes)
  const rejected = await openRejected(options.rejectsFile, state?.rejectedBytes).catch(
    async (error) => {
      await output.close()
      throw error
    },
  )
  if (!state) await output.write(writer.head)
  const counts = state?.counts ?? noCounts(predictor.labels)
  return new Run({ id, stateFile, state, source, writer, output, rejected, counts })
}

const openRejected = async (file: string | undefined, bytes = 0): Promise<Output | undefined> =>
  file === undefined ? undefined : await PartFile.open(file, bytes)

const openOutput = async (out: string, bytes = 0): Promise<Output> =>
  out === '-' ? openStandardOutput() : await PartFile.open(out, bytes)

/** Of all that decides the bytes of the output, but for the input itself. */
export function runIdOf(options: ClassifyOptions, { digest, longTexts }: Predictor): string {
  const { format, column, delimiter, maxChars, to, prefix, safeCells, rejectsFile } = options
  const model = [digest, longTexts]
  const all = [model, format, column, delimiter, maxChars, to, prefix, safeCells, rejectsFile]
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
    const { writer, output, rejected } = this.#parts
    const isRejected = ({ outcome }: Answered) => rejected !== undefined && !outcome
    for (const answered of chunk) countRow(this.counts, answered)
    await output.write(writer.write(chunk.filter((one) => !isRejected(one))))
    await rejected?.write(chunk.filter(isRejected).map(toRejected).join(''))
    this.#position = chunk.at(-1)?.row.next ?? this.#position
    if (performance.now() - this.#savedAt > SAVE_MS) await this.#save()
  }

  async end(complete: boolean): Promise<Result> {
    const { output, rejected, stateFile } = this.#parts
    if (complete) {
      await rejected?.finish()
      await output.finish()
      if (stateFile) await removeState(stateFile)
    } else await this.#save()
    return { counts: this.counts, seconds: this.#seconds, complete }
  }

  /** Those that are finished are closed already. */
  async close(): Promise<void> {
    await this.#parts.output.close()
    await this.#parts.rejected?.close()
  }

  async #save(): Promise<void> {
    const { id, stateFile, source, output, rejected } = this.#parts
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
      counts: this.counts,
      seconds: this.#seconds,
    })
  }

  get #seconds(): number {
    const before = this.#parts.state?.seconds ?? 0
    return before + (performance.now() - this.#startedAt) / 1000
  }
}

const toRejected = ({ row: { line, error, fields } }: Answered) =>
  `${JSON.stringify({ line, error, row: fields })}\n`
