import { type ChunkEnds, markChunkEnd } from './chunk-ends.ts'
import { type Counts, countRow, type Origin } from './counts.ts'
import type { Answered } from './outcome.ts'
import type { Output } from './part-file.ts'
import { type Row, START } from './row.ts'
import type { Source } from './source.ts'
import { removeState, type State, saveState } from './state.ts'
import type { RowWriter } from './writer.ts'
import { toWritten, type Written } from './written.ts'

/** How often a run says on the disk how far it has come, in milliseconds. */
const SAVE_MS = 1000

export interface Result {
  readonly counts: Counts
  /** Of all runs together. */
  readonly seconds: number
  /** When the first of them began, in ISO 8601. */
  readonly startedAt: string
  /** Whether the whole input was read. */
  readonly complete: boolean
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
  /** Once all outputs have their names; until it resolves, the run can be resumed. */
  readonly onComplete: ((result: Result, written: Written) => Promise<void>) | undefined
  readonly startedAt: string
  readonly originOf: (row: Row) => Origin
}

/** One run over an input, from where an earlier one stopped. */
export class InputRun {
  readonly counts: Counts
  readonly source: Source
  /** Rows that earlier runs have written. */
  readonly rowsBefore: number
  readonly #parts: RunParts
  readonly #openedAt = performance.now()
  #position: State['position']
  #savedAt = performance.now()

  constructor(parts: RunParts) {
    this.#parts = parts
    this.counts = parts.counts
    this.source = parts.source
    this.rowsBefore = parts.counts.rows
    this.#position = parts.state?.position ?? START
  }

  async write(chunk: readonly Answered[]): Promise<void> {
    const { writer, output, rejected, chunkEnds, originOf } = this.#parts
    const isRejected = ({ outcome }: Answered) => rejected !== undefined && !outcome
    for (const answered of chunk) countRow(this.counts, answered, originOf(answered.row))
    await output.write(writer.write(chunk.filter((one) => !isRejected(one))))
    await rejected?.write(chunk.filter(isRejected).map(toRejected).join(''))
    this.#position = chunk.at(-1)?.row.next ?? this.#position
    if (chunkEnds) markChunkEnd(chunkEnds, this.counts.rows, [output.bytes, rejected?.bytes ?? 0])
    if (performance.now() - this.#savedAt > SAVE_MS) await this.#save()
  }

  async end(complete: boolean): Promise<Result> {
    const { output, rejected, stateFile, startedAt } = this.#parts
    await this.#save(complete)
    const result = { counts: this.counts, seconds: this.#seconds, startedAt, complete }
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
      startedAt: this.#parts.startedAt,
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
    return before + (performance.now() - this.#openedAt) / 1000
  }
}

const toRejected = ({ row: { line, error, fields } }: Answered) =>
  `${JSON.stringify({ line, error, row: fields })}\n`
