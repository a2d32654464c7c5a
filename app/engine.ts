import type { Rows } from '../model/inference.ts'
import type { ModelInfo } from '../model/model-info.ts'
import type { Pace } from '../model/pace.ts'
import { openLinearTokenizer } from '../model/tokenize.ts'
import { type LongTexts, mostTokens, type Reading } from '../model/tokenizer/tokenized-text.ts'
import type { Classify, RefusalOf, RefusalOfTexts } from './classifier/classify.ts'
import { monotonic } from './clock.ts'
import type { BatchObserver } from './scheduler/observe-batch.ts'
import { RunCost } from './scheduler/run-cost.ts'
import { createScheduler } from './scheduler/scheduler.ts'
import type { Logger } from './telemetry/logger.ts'
import { createAgreement } from './workers/agreement.ts'
import type { InferenceWorkerOptions, Warm } from './workers/inference-worker.ts'
import type { InferredBatch, TokenizedTexts } from './workers/messages.ts'
import { openAll } from './workers/open-all.ts'
import { type PoolStates, ThreadPool } from './workers/pool.ts'
import { openThread } from './workers/thread.ts'
import { tokenizeTexts } from './workers/tokenize-texts.ts'
import type { TokenizerWorkerOptions } from './workers/tokenizer-worker.ts'

/**
 * Of the time of a batch, what the tokenizer has for a text: a hundred times what a plain text of 20,000
 * characters takes. Everybody waits for the one thread, so a text that takes longer is given up.
 */
const TOKENIZER_SHARE = 0.2

interface EngineOptions {
  readonly workers: number
  readonly maxQueueTokens: number
  readonly maxQueueSeconds: number
  /** Undefined: measured at start. */
  readonly maxBatchTokens: number | undefined
  readonly batchTimeoutSeconds: number
  readonly longTexts: LongTexts
  /** Whether short texts are tokenized in this thread, where that is sooner; takes a second vocabulary. True by default. */
  readonly tokenizesShort?: boolean
}

interface EngineDeps extends BatchObserver {
  readonly log: Logger
  /** Told whenever a worker changes its state. */
  readonly onWorkers: (states: PoolStates) => void
}

export interface Engine {
  readonly classify: Classify
  readonly refusalOf: RefusalOf
  readonly refusalOfTexts: RefusalOfTexts
  /** The class of machines that compute the same scores; every worker is of it. */
  readonly numerics: string
  /** Of one batch. */
  readonly maxBatchTokens: number
  /** Whether a worker has nothing to do, and no text waits for one. */
  isIdle(): boolean
  /** Lets what runs come to its end. */
  close(): Promise<void>
}

/**
 * The model on worker threads, warm: one thread that tokenizes, `workers` that infer, one session each.
 * Throws a `ModelError` if the model is not fit to serve.
 */
export async function openEngine(
  model: ModelInfo,
  options: EngineOptions,
  deps: EngineDeps,
): Promise<Engine> {
  const { metrics, traceBatch, log } = deps
  const { tokenizesShort = true } = options
  const reading = { ...model, ...options }
  // Beside the threads, which take longer; what is wrong with the tokenizer is theirs to say.
  const [tokenizers, workers] = await openPools(model, options, deps)
  const tokenizeShort = tokenizesShort ? await openTokenizeShort(model.folder, reading) : undefined
  const pace = slowest(workers.ready.map(({ pace }) => pace))
  const [numerics = ''] = workers.ready.map((ready) => ready.numerics)
  const difference = Math.max(...workers.ready.map((ready) => ready.selfTestDifference))
  metrics.selfTestMaxDifference.set(difference)
  metrics.numericsInfo.set({ class: numerics }, 1)
  log.info(
    {
      event: 'warm',
      max_batch_tokens: pace.maxBatchTokens,
      full_batch_tokens: pace.fullBatchTokens,
      tokens_per_ms: pace.tokensPerMs,
      run_tokens: new RunCost(pace.smallRuns).runTokens,
      numerics,
      self_test_max_difference: difference,
      ...slowestMs(workers.ready.map(({ ms }) => ms)),
    },
    'warm',
  )

  const { maxQueueTokens, maxQueueSeconds } = options
  const maxTokens = mostTokens(reading)
  const limits = { maxTokens, maxQueueTokens, maxQueueSeconds }
  const { hasWaiting, ...scheduler } = createScheduler(
    { tokenizers, workers, tokenizeShort },
    { ...limits, pace, metrics, traceBatch, now: monotonic },
  )
  return {
    numerics,
    maxBatchTokens: pace.maxBatchTokens,
    ...scheduler,
    isIdle: () => workers.states.idle > 0 && !hasWaiting(),
    async close() {
      await Promise.all([workers.close(), tokenizers.close()])
    },
  }
}

/** Batches in flight on a worker at most: as many as it can run while a busy event loop reads nothing. */
const PREFETCH_DEPTH = 16

/** Short texts are tokenized where they arrive, by a tokenizer that no text can make slow. */
async function openTokenizeShort(folder: string, reading: Reading) {
  const tokenizer = await openLinearTokenizer(folder, reading)
  return tokenizer && ((texts: readonly string[]) => tokenizeTexts(tokenizer, texts))
}

async function openPools(
  model: ModelInfo,
  { workers, maxBatchTokens, batchTimeoutSeconds, longTexts }: EngineOptions,
  { metrics, log, onWorkers }: EngineDeps,
) {
  const { folder, labels, maxTokens, padId, selfTest, verified } = model
  const common = {
    onRestart: () => metrics.workerRestarts.inc(),
    log,
  }
  const inference = { folder, labels, maxTokens, padId, selfTest, verified, maxBatchTokens }
  const agreed = createAgreement()
  const opening = [
    ThreadPool.open({
      ...common,
      timeoutSeconds: batchTimeoutSeconds * TOKENIZER_SHARE,
      size: 1,
      depth: 1,
      open: () => openTokenizerThread({ folder, maxTokens, longTexts, selfTest }),
      onStates: (states) => {
        for (const [state, threads] of Object.entries(states)) {
          metrics.tokenizerThreads.set({ state }, threads)
        }
      },
    }),
    ThreadPool.open({
      ...common,
      timeoutSeconds: batchTimeoutSeconds,
      size: workers,
      depth: PREFETCH_DEPTH,
      open: () => openInferenceThread(inference).then(agreed),
      onStates: onWorkers,
    }),
  ] as const
  await openAll(opening)
  return Promise.all(opening)
}

const openTokenizerThread = (options: TokenizerWorkerOptions) =>
  openThread<readonly string[], TokenizedTexts, null>(
    new URL('./workers/tokenizer-worker.ts', import.meta.url),
    { workerData: options, terminable: true },
  )

const openInferenceThread = (options: InferenceWorkerOptions) =>
  openThread<Rows, InferredBatch, Warm>(new URL('./workers/inference-worker.ts', import.meta.url), {
    workerData: options,
    terminable: false,
  })

/** As the log says it: of each part the longest, in milliseconds. */
function slowestMs(all: readonly Warm['ms'][]) {
  const longest = (part: keyof Warm['ms']) => Math.round(Math.max(...all.map((ms) => ms[part])))
  return {
    load_ms: longest('load'),
    self_test_ms: longest('selfTest'),
    pace_ms: longest('pace'),
  }
}

/** What every worker reaches, in batches that are large enough for each. */
function slowest(paces: readonly Pace[]): Pace {
  return {
    maxBatchTokens: Math.max(...paces.map((pace) => pace.maxBatchTokens)),
    fullBatchTokens: Math.max(...paces.map((pace) => pace.fullBatchTokens)),
    tokensPerMs: Math.min(...paces.map((pace) => pace.tokensPerMs)),
    smallRuns: paces.flatMap((pace) => pace.smallRuns),
  }
}
