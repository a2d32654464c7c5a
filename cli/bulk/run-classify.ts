import { writeFile } from 'node:fs/promises'
import { UsageError } from '../command.ts'
import { classifyInput, type Result } from './classify-input.ts'
import { openLocalModel } from './local-model.ts'
import { startRowProgress } from './row-progress.ts'
import type { Format } from './source.ts'
import { OutputClosed } from './standard-output.ts'
import { badRows, describeSummary, toSummary } from './summary.ts'
import type { OutputFormat } from './writer.ts'

export interface ClassifyArguments {
  readonly file: string
  readonly model: string
  readonly workers: number | undefined
  readonly longTexts: 'truncate' | 'window'
  readonly column: string | undefined
  readonly from: Format | undefined
  readonly delimiter: string | undefined
  readonly out: string
  readonly to: OutputFormat | undefined
  readonly rejects: string | undefined
  readonly prefix: string
  readonly maxChars: number
  readonly safeCells: boolean
  readonly resume: boolean
  readonly summary: string | undefined
}

/** Done, but some rows could not be classified. */
const SOME_BAD = 3

/** As a shell has it for what SIGINT ended. */
const INTERRUPTED = 130

/** What `polarity classify` does. Sets the exit code. */
export async function runClassify(options: ClassifyArguments): Promise<void> {
  const { file, out, summary, rejects: rejectsFile } = options
  if (options.resume && out === '-') throw new UsageError('--resume needs --out')
  const interrupted = new AbortController()
  const interrupt = () => interrupted.abort()
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt)
  const model = await openLocalModel(options)
  const progress = startRowProgress(process.stderr)
  try {
    const result = await classifyInput(
      file,
      {
        ...options,
        format: options.from,
        rejectsFile,
        signal: interrupted.signal,
        onProgress: progress.report,
      },
      model,
    )
    progress.stop()
    if (summary)
      await writeFile(
        summary,
        `${JSON.stringify(toSummary(result.counts, result.seconds), null, 2)}\n`,
      )
    report(result, out)
  } catch (error) {
    if (!(error instanceof OutputClosed)) throw error
  } finally {
    progress.stop()
    // A writer that keeps it open would keep this process alive.
    if (file === '-') process.stdin.destroy()
    await model.close()
  }
}

function report({ counts, seconds, complete }: Result, out: string): void {
  process.stderr.write(`${describeSummary(counts, seconds)}\n`)
  if (badRows(counts) > 0) process.exitCode = SOME_BAD
  if (complete) return
  process.exitCode = INTERRUPTED
  if (out !== '-')
    process.stderr.write(`Interrupted: ${out}.part has what there is; --resume goes on.\n`)
}
