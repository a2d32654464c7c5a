import type { ModelInfo } from '../../model/model-info.ts'
import type { LongTexts } from '../../model/tokenizer/tokenized-text.ts'
import type { Logger } from '../telemetry/logger.ts'
import { WorkerHung } from './messages.ts'
import { ThreadPool } from './pool.ts'
import type { ShadowWorkerOptions } from './shadow-worker.ts'
import { openThread } from './thread.ts'

/** A second model on one thread of the lowest priority, for comparison alone. */
export interface ShadowModel {
  /** Its scores, shape (texts, labels), in the order of the labels that it was opened with. Rejects for good once its thread has hung. */
  infer(texts: readonly string[]): Promise<readonly (readonly number[])[]>
  /** Lets what runs come to its end. */
  close(): Promise<void>
}

interface ShadowOptions {
  /** The labels of the served model, which are the same in any order. */
  readonly labels: readonly string[]
  /** As the served model reads them. */
  readonly longTexts: LongTexts
  readonly log: Logger
}

/** Long: a thread that others leave no CPU to has not hung. */
const TIMEOUT_SECONDS = 60

/** Resolves when the model is warm. Throws a `ModelError` if it is not fit to run. */
export async function openShadowModel(
  model: ModelInfo,
  { labels, longTexts, log }: ShadowOptions,
): Promise<ShadowModel> {
  const { folder, maxTokens, padId, selfTest, verified } = model
  const reading = { maxTokens, longTexts }
  const options = { folder, labels: model.labels, padId, selfTest, verified, ...reading }
  const pool = await ThreadPool.open({
    size: 1,
    depth: 1,
    timeoutSeconds: TIMEOUT_SECONDS,
    open: () => openShadowThread(options),
    onStates: () => undefined,
    onRestart: () => undefined,
    log,
  })
  const order = labels.map((label) => model.labels.indexOf(label))
  let hung = false
  const run = async (texts: readonly string[]) => {
    try {
      return await pool.run(texts)
    } catch (error) {
      hung ||= error instanceof WorkerHung
      throw error
    }
  }
  return {
    async infer(texts) {
      // Such a thread can't be ended: one more for each text that hangs it would fill the machine.
      if (hung) throw new Error('The shadow model hung, and is not asked again.')
      const rows = await run(texts)
      return rows.map((scores) => order.map((label) => scores[label] ?? 0))
    },
    close: () => pool.close(),
  }
}

const openShadowThread = (options: ShadowWorkerOptions) =>
  openThread<readonly string[], number[][], null>(new URL('./shadow-worker.ts', import.meta.url), {
    workerData: options,
    terminable: false,
  })
