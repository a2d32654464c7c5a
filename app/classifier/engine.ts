import type { Pace } from '../../model/batching.ts'
import type { Rows } from '../../model/inference.ts'
import type { Model } from '../../model/load.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { Classify } from './classify.ts'
import type { InferenceWorkerOptions } from './inference-worker.ts'
import type { BatchObserver } from './observe-batch.ts'
import { type PoolStates, ThreadPool } from './pool.ts'
import type { Encoded, Inferred } from './protocol.ts'
import { scheduled } from './scheduled.ts'
import { openThread } from './thread.ts'
import type { TokenizerWorkerOptions } from './tokenizer-worker.ts'

interface EngineOptions {
  readonly workers: number
  readonly maxQueueTokens: number
  /** Undefined: measured at start. */
  readonly maxBatchTokens: number | undefined
  readonly batchTimeoutSeconds: number
}

interface EngineDeps extends BatchObserver {
  readonly log: Logger
  /** Told whenever a worker changes its state. */
  readonly onWorkers: (states: PoolStates) => void
}

export interface Engine {
  readonly classify: Classify
  /** Lets what runs come to its end. */
  close(): Promise<void>
}

/** The model on worker threads, warm: one thread that tokenizes, `workers` that infer, one session each. */
export async function openEngine(
  model: Pick<Model, 'folder' | 'maxTokens' | 'padId'>,
  options: EngineOptions,
  { metrics, traceBatch, log, onWorkers }: EngineDeps,
): Promise<Engine> {
  const { folder, maxTokens, padId } = model
  const common = {
    timeoutSeconds: options.batchTimeoutSeconds,
    onRestart: () => metrics.workerRestarts.inc(),
    log,
  }
  const [tokenizers, workers] = await Promise.all([
    ThreadPool.open({
      ...common,
      size: 1,
      depth: 1,
      open: () => openTokenizer({ folder, maxTokens }),
      onStates: () => undefined,
    }),
    ThreadPool.open({
      ...common,
      size: options.workers,
      depth: 2,
      open: () => openInference({ folder, padId, maxBatchTokens: options.maxBatchTokens }),
      onStates: onWorkers,
    }),
  ])
  const pace = slowest(workers.ready)
  log.info(
    {
      max_batch_tokens: pace.maxBatchTokens,
      full_batch_tokens: pace.fullBatchTokens,
      tokens_per_ms: pace.tokensPerMs,
    },
    'warm',
  )

  return {
    classify: scheduled(
      { tokenizers, workers },
      { maxTokens, maxQueueTokens: options.maxQueueTokens, pace, metrics, traceBatch },
    ),
    async close() {
      await Promise.all([workers.close(), tokenizers.close()])
    },
  }
}

const openTokenizer = (options: TokenizerWorkerOptions) =>
  openThread<readonly string[], Encoded, null>(
    new URL('./tokenizer-worker.ts', import.meta.url),
    options,
  )

const openInference = (options: InferenceWorkerOptions) =>
  openThread<Rows, Inferred, Pace>(new URL('./inference-worker.ts', import.meta.url), options)

/** What every worker reaches, in batches that are large enough for each. */
function slowest(paces: readonly Pace[]): Pace {
  return {
    maxBatchTokens: Math.max(...paces.map((pace) => pace.maxBatchTokens)),
    fullBatchTokens: Math.max(...paces.map((pace) => pace.fullBatchTokens)),
    tokensPerMs: Math.min(...paces.map((pace) => pace.tokensPerMs)),
  }
}
