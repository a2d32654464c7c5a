import type { ApiKeys } from '../../api-keys.ts'
import type { Explain } from '../../classifier/classify.ts'
import type { Config } from '../../config.ts'
import type { Health } from '../../health.ts'
import type { Metrics } from '../../telemetry/metrics.ts'
import type { Inference } from '../inference.ts'
import { addPredict } from '../predict.ts'
import type { Router } from '../router.ts'
import type { Info, Limits } from '../schema.ts'
import type { StreamHandler } from '../streaming/stream-handler.ts'
import { servedModel } from './served-model.ts'
import { addTei, createTeiReader } from './tei.ts'
import { addLiveness, addV1 } from './v1.ts'
import { addV2 } from './v2.ts'

interface DialectsOptions {
  /** Those beside the service's own. */
  readonly dialects: Config['DIALECTS']
  readonly inference: Inference
  readonly info: Info
  readonly health: Health
  readonly metrics: Metrics
  readonly limits: Limits
  /** Undefined: explanations are off. */
  readonly explain?: Explain | undefined
  readonly maxExplainTexts: number
  readonly keys: ApiKeys
  readonly stream: StreamHandler
}

/** Every way to ask for predictions: the service's own, and those of other servers. */
export function addDialects(app: Router, { keys, dialects, ...options }: DialectsOptions): void {
  const { info, limits, health } = options
  const { labels } = info.model
  const common = { ...options, labels, keys: keys.required, model: servedModel(info) }
  const askTei = dialects.includes('tei') ? createTeiReader(limits, labels) : undefined

  addPredict(app, options.inference, { ...common, askTei })
  if (askTei) addTei(app, { ...common, ask: askTei })
  if (dialects.includes('v1')) {
    addLiveness(app, health)
    addV1(app, common)
  }
  if (dialects.includes('v2')) addV2(app, common)
}
