import { mkdir } from 'node:fs/promises'
import { asCommandError, CommandError, UsageError } from '../command.ts'
import { classifyInput, nameOf } from './classify-input.ts'
import type { ClassifyOptions } from './classify-options.ts'
import { classifyShard } from './classify-shard.ts'
import { mergeCounts, noCounts } from './counts.ts'
import { Finished } from './finished.ts'
import type { Result } from './input-run.ts'
import { checkInput, type Job, planJobs } from './jobs.ts'
import { openPredictor, type PredictorOptions } from './open-predictor.ts'
import { type Predictor, ServiceError } from './predictor.ts'
import { startRowProgress } from './row-progress.ts'
import { toRunFacts } from './run-facts.ts'
import { runIdOf } from './run-id.ts'
import { type Shard, type ShardOptions, toShard } from './shard.ts'
import type { Format } from './source.ts'
import { OutputClosed } from './standard-output.ts'
import { type Reporting, tellCounts } from './tell-counts.ts'
import { checkFactFiles } from './write-facts.ts'
import type { OutputFormat } from './writer.ts'

export interface ClassifyArguments extends PredictorOptions, Reporting, ShardOptions {
  readonly column: string | undefined
  readonly from: Format | undefined
  readonly delimiter: string | undefined
  readonly to: OutputFormat | undefined
  readonly rejects: string | undefined
  readonly prefix: string
  readonly maxChars: number | undefined
  readonly safeCells: boolean
  readonly resume: boolean
  readonly by: readonly string[]
}

/** As a shell has it for what SIGINT ended. */
const INTERRUPTED = 130

/** Code points of a text at most, where no service says another number. */
const MAX_CHARS = 20_000

/** What `polarity classify` does. Sets the exit code. */
export async function runClassify(options: ClassifyArguments): Promise<void> {
  checkUse(options)
  const { jobs, folder } = await planJobs(options.files, options)
  const shard = toShard({ ...options, folder })
  await checkFactFiles(options)
  await checkInput(jobs)
  const interrupted = new AbortController()
  const interrupt = () => interrupted.abort()
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt)
  const predictor = await openPredictor(options)
  try {
    const finished = folder === undefined ? undefined : await openFolder(folder, options)
    const run = new Run({ options, shard, predictor, finished, signal: interrupted.signal })
    await run.doAll(jobs)
    await run.report(jobs)
  } catch (error) {
    // Whoever has what he wanted need not be told.
    if (!(error instanceof OutputClosed)) throw error
  } finally {
    // A writer that keeps it open would keep this process alive.
    if (options.files.includes('-')) process.stdin.destroy()
    await predictor.close()
  }
}

function checkUse({ resume, out, maxChars = MAX_CHARS }: ClassifyArguments): void {
  if (resume && out === '-') throw new UsageError('--resume needs --out')
  if (!(maxChars >= 1)) throw new UsageError('--max-chars must be a number of characters')
}

async function openFolder(folder: string, { rejects, resume }: ClassifyArguments) {
  for (const path of [folder, rejects]) {
    if (path !== undefined) await mkdir(path, { recursive: true }).catch(asCommandError)
  }
  return await Finished.open(folder, resume)
}

interface RunParts {
  readonly options: ClassifyArguments
  readonly shard: Shard | undefined
  readonly predictor: Predictor
  /** If the outputs stand in one folder. */
  readonly finished: Finished | undefined
  readonly signal: AbortSignal
}

/** One run over all inputs. */
class Run {
  readonly #total: { -readonly [Name in keyof Result]: Result[Name] }
  readonly #parts: RunParts
  /** Names of those that are in the total. */
  readonly #inputs: string[] = []
  #finishedBefore = 0
  #failed = 0

  constructor(parts: RunParts) {
    this.#parts = parts
    const startedAt = new Date().toISOString()
    const { labels, model } = parts.predictor
    this.#total = {
      counts: noCounts(labels, model),
      seconds: 0,
      startedAt,
      complete: true,
    }
  }

  /** Does each job, unless an earlier run has. An input that can't be read does not stop the others. */
  async doAll(jobs: readonly Job[]): Promise<void> {
    for (const [i, job] of jobs.entries()) {
      await this.#do(job, jobs.length > 1 ? `${job.input} (${i + 1} of ${jobs.length}): ` : '')
      if (!this.#total.complete) return
    }
  }

  async #do(job: Job, name: string): Promise<void> {
    try {
      this.#add(job, (await this.#findFinished(job)) ?? (await this.#classify(job, name)))
    } catch (error) {
      const isItsOwn = error instanceof CommandError && !(error instanceof ServiceError)
      if (name === '' || !isItsOwn) throw error
      process.stderr.write(`polarity: ${error.message}\n`)
      this.#failed++
    }
  }

  async report(jobs: readonly Job[]): Promise<void> {
    const { startedAt, complete } = this.#total
    const { options, predictor } = this.#parts
    const facts = { inputs: this.#inputs, startedAt, ...toRunFacts(options, predictor) }
    if (jobs.length > 1) process.stderr.write(`${this.#describeJobs(jobs.length)}\n`)
    await tellCounts(this.#total, facts, options)
    if (this.#failed > 0) process.exitCode = 1
    if (complete) return
    process.exitCode = INTERRUPTED
    if (options.out !== '-')
      process.stderr.write('Interrupted: the rows so far are kept; --resume goes on.\n')
  }

  #describeJobs(jobs: number): string {
    const before = this.#finishedBefore > 0 ? `, ${this.#finishedBefore} finished before` : ''
    const failed = this.#failed > 0 ? `, ${this.#failed} failed` : ''
    return `${jobs} files${before}${failed}`
  }

  #add({ input }: Job, { counts, seconds, startedAt, complete }: Result): void {
    this.#inputs.push(nameOf(input))
    this.#total.counts = mergeCounts(this.#total.counts, counts)
    this.#total.seconds += seconds
    if (startedAt < this.#total.startedAt) this.#total.startedAt = startedAt
    this.#total.complete &&= complete
  }

  async #findFinished(job: Job): Promise<Result | undefined> {
    const { finished, predictor } = this.#parts
    const entry = await finished?.find(job, runIdOf(this.#optionsFor(job), predictor))
    if (!entry) return undefined
    this.#finishedBefore++
    return { ...entry, complete: true }
  }

  async #classify(job: Job, name: string): Promise<Result> {
    const { predictor, finished } = this.#parts
    const progress = startRowProgress(process.stderr, { name, trouble: predictor.trouble })
    const options = this.#optionsFor(job, progress.report)
    try {
      const result = await this.#run(job.input, options)
      if (result.complete) await finished?.add(job, { run: runIdOf(options, predictor), ...result })
      return result
    } finally {
      progress.stop()
    }
  }

  #run(input: string, options: ClassifyOptions): Promise<Result> {
    const { shard, predictor } = this.#parts
    if (!shard) return classifyInput(input, options, predictor)
    const about = toRunFacts(this.#parts.options, predictor)
    // `join` is asked for a report only when the shards have run.
    return classifyShard(input, { ...options, shard, about, showRows: true }, predictor)
  }

  #optionsFor(
    { out, rejectsFile }: Job,
    onProgress: ClassifyOptions['onProgress'] = () => undefined,
  ): ClassifyOptions {
    const { options, predictor, signal } = this.#parts
    const { maxChars = predictor.maxChars ?? MAX_CHARS } = options
    return {
      ...options,
      shard: undefined,
      ...{ out, rejectsFile, signal, onProgress },
      showRows: options.report !== undefined,
      startedAt: this.#total.startedAt,
      format: options.from,
      maxChars: Math.min(maxChars, predictor.maxChars ?? Number.POSITIVE_INFINITY),
    }
  }
}
