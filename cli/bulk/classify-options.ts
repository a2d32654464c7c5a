import type { Counts } from './counts.ts'
import type { Result } from './input-run.ts'
import type { Shard } from './shard.ts'
import type { SourceOptions } from './source.ts'
import type { OutputFormat } from './writer.ts'
import type { Written } from './written.ts'

/** How the rows of one input are classified. */
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
  /** Columns whose values rows are counted by. */
  readonly by: readonly string[]
  /** Whether rows are kept, to be shown in a report. */
  readonly showRows: boolean
  /** ISO 8601. */
  readonly startedAt: string
  /** Ends the run; what it has written stays, to be resumed. */
  readonly signal: AbortSignal
  /** Told after each chunk; `rowsBefore`: of the rows, those of earlier runs. */
  onProgress(counts: Counts, share: number | undefined, rowsBefore: number): void
  /** Once all outputs have their names; until it resolves, the run can be resumed. */
  onComplete?(result: Result, written: Written): Promise<void>
}
