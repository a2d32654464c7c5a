import { Memory } from '../../app/cache/memory.ts'
import type { Call, Prediction } from '../../app/classifier/classify.ts'
import { coalesced } from '../../app/classifier/coalesced.ts'
import { explained } from '../../app/classifier/explained.ts'
import { remembered } from '../../app/classifier/remembered.ts'
import { openEngine } from '../../app/engine.ts'
import { createLogger } from '../../app/telemetry/logger.ts'
import { createMetrics } from '../../app/telemetry/metrics.ts'
import { createTiming } from '../../app/telemetry/timing.ts'
import { NO_TRACE } from '../../app/telemetry/trace.ts'
import { cpuLimit } from '../../app/workers/cpu-limit.ts'
import { findModel } from '../../model/catalog.ts'
import { type ModelInfo, readModelInfo } from '../../model/model-info.ts'
import type { LongTexts } from '../../model/tokenizer/tokenized-text.ts'
import { UsageError } from '../command.ts'
import { DEFAULT_MODEL } from '../options.ts'
import { EQUAL_TEXTS } from './equal-texts.ts'
import { toOutcome } from './outcome.ts'
import type { ModelFacts, Predictor } from './predictor.ts'

interface LocalOptions {
  /** Id or folder. */
  readonly model?: string | undefined
  /** Threads that infer: as many as there are cores by default. */
  readonly workers?: number | undefined
  readonly longTexts?: LongTexts | undefined
}

/** As of the service. */
const MOST_WORKERS = 256

/** Calls in flight: enough texts of about one length for full batches on every core. */
const CALLS = 8

/** Nobody waits for a single batch, so it is as large as pays on any CPU: each takes some time besides. */
const BATCH_TOKENS = 512

/** Of a text: nobody else waits for the model. */
const EXPLAIN = {
  maxWords: 512,
  readWords: Number.POSITIVE_INFINITY,
  maxChars: Number.POSITIVE_INFINITY,
}

/** A run of a batch that takes longer has hung. */
const BATCH_TIMEOUT_SECONDS = 60

/** The model on all cores of this machine, behind the service's own scheduler. Throws a `ModelError` if it is not fit to run. */
export async function openLocalModel(options: LocalOptions): Promise<Predictor> {
  const { model: name = DEFAULT_MODEL, longTexts = 'truncate', workers = cpuLimit() } = options
  requireFit(workers)
  const location = await findModel(name)
  const model = await readModelInfo(location)
  const log = createLogger('warn', process.stderr, 'pretty')
  const metrics = createMetrics(model.labels)
  const engine = await openEngine(
    model,
    {
      workers,
      // There is one caller, who waits: nothing is to be refused.
      maxQueueTokens: Number.POSITIVE_INFINITY,
      maxQueueSeconds: Number.POSITIVE_INFINITY,
      maxBatchTokens: BATCH_TOKENS,
      batchTimeoutSeconds: BATCH_TIMEOUT_SECONDS,
      longTexts,
      tokenizesShort: false,
    },
    { metrics, log, traceBatch: () => undefined, onWorkers: () => undefined },
  )
  const memory = new Memory<Prediction>({ ...EQUAL_TEXTS, sizeOf: () => 0 })
  // Nobody is answered in JSON.
  const remembering = { memory, toJson: () => '', metrics }
  const classify = remembered(coalesced(engine.classify), remembering)
  const explain = explained(classify, { ...model, ...EXPLAIN })(model.labels.length - 1)
  return {
    model: toFacts(model, location.entry?.license ?? null),
    digest: model.digest,
    labels: model.labels,
    longTexts,
    calls: CALLS,
    async predict(texts) {
      const predictions = await classify(texts, createCall())
      return predictions.map((prediction) => toOutcome(model.labels, prediction))
    },
    async explain(texts) {
      const predictions = await explain(texts, createCall())
      return predictions.map(({ explanation, ...prediction }) => ({
        ...toOutcome(model.labels, prediction),
        explanation,
      }))
    },
    trouble: () => undefined,
    close: () => engine.close(),
  }
}

const toFacts = ({ id, source, version, card }: ModelInfo, license: string | null): ModelFacts => ({
  ...{ id, source, version, license },
  unsure: card?.unsure ?? null,
})

function requireFit(workers: number): void {
  if (!Number.isInteger(workers) || workers < 1 || workers > MOST_WORKERS)
    throw new UsageError(`--workers must be a whole number from 1 to ${MOST_WORKERS}`)
}

/** A request without a deadline. */
function createCall(): Call {
  const { signal } = new AbortController()
  return {
    signal: () => signal,
    timing: createTiming(),
    trace: NO_TRACE,
    caller: () => 'cli',
    deadlineAt: Number.POSITIVE_INFINITY,
  }
}
