import type { ModelInfo } from '../model/model-info.ts'
import type { Classify } from './classifier/classify.ts'
import { shadowed } from './classifier/shadowed.ts'
import type { Logger } from './telemetry/logger.ts'
import type { Metrics } from './telemetry/metrics.ts'
import { openShadowModel } from './workers/shadow-model.ts'

interface ShadowDeps {
  /** The share of texts that are compared, from 0 to 1. */
  readonly share: number
  /** Of the served model. */
  readonly labels: readonly string[]
  /** Whether the served model leaves a core to spare, and the process is not about to end. */
  readonly isIdle: () => boolean
  readonly longTexts: 'truncate' | 'window'
  readonly metrics: Metrics
  readonly log: Logger
}

/** A second model beside the served one, which answers nobody. */
export interface Shadow {
  /** The same answers, a share of which is compared. */
  wrap(classify: Classify): Classify
  /** Lets the batch that runs come to its end. */
  close(): Promise<void>
}

/**
 * Starts a second model on a thread of its own, and waits for nothing: until it is warm, texts wait for
 * it. If it can't be started, the log says why, and its texts count as failed.
 */
export function openShadow(model: ModelInfo, deps: ShadowDeps): Shadow {
  const { labels, longTexts, metrics, log } = deps
  const { id, digest, dtype } = model
  let closed = false
  const opening = openShadowModel(model, { labels, longTexts, log }).then(
    (shadow) => {
      metrics.shadowInfo.set({ id, digest, dtype }, 1)
      log.info({ event: 'shadow_warm', model: id, digest, share: deps.share }, 'shadow model warm')
      return shadow
    },
    (error) => {
      log.error({ event: 'shadow_failed', model: id, err: error }, 'shadow model failed')
      return undefined
    },
  )
  const infer = async (texts: readonly string[]) => {
    const shadow = await opening
    if (!shadow) throw new Error('The shadow model did not start.')
    return await shadow.infer(texts)
  }
  const isIdle = () => !closed && deps.isIdle()

  return {
    wrap: (classify) => shadowed(classify, infer, { ...deps, isIdle }),
    async close() {
      closed = true
      const shadow = await opening
      await shadow?.close()
    },
  }
}
