import type { Handler } from 'hono'
import type { ApiKeys } from '../api-keys.ts'
import type { ClassifyAtOnce, Prediction, RefusalOf } from '../classifier/classify.ts'
import { AppError } from '../errors.ts'
import type { Network } from '../ip-address.ts'
import { createScoresWriter } from '../label-scores.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { observeStage } from '../telemetry/stage.ts'
import { answerWith } from './asset.ts'
import { authenticate } from './authenticate.ts'
import { createBodyReader } from './body.ts'
import type { BodyBudget } from './body-budget.ts'
import { clientAddress } from './client-address.ts'
import { refuseEarly } from './early-refusal.ts'
import { createRequestParser } from './predict-request.ts'
import { predictRoute } from './predict-route.ts'
import { predictionCounter } from './prediction-counter.ts'
import { rateLimitHeaders } from './rate-limit-headers.ts'
import { RequestCall } from './request-call.ts'
import type { CacheStatus, RequestEnv } from './request-env.ts'
import { requestIdHeader } from './request-id.ts'
import type { Router } from './router.ts'
import { type Limits, PREDICT_PATH } from './schema.ts'

interface PredictDeps {
  readonly classify: ClassifyAtOnce
  readonly refusalOf: RefusalOf | undefined
  readonly limits: Limits
  readonly labels: readonly string[]
  readonly modelDigest: string
  readonly maxTokens: number
  readonly timeoutSeconds: number
  readonly bodyTimeoutSeconds: number
  readonly bodyBudget: BodyBudget
  readonly keys: ApiKeys
  readonly trustedProxies: readonly Network[]
  readonly metrics: Metrics
}

/** Hex digits of a model's digest in answers, as many as in cache keys. */
const SHORT_DIGEST = 16

/** `POST /predict`: the sentiment of each text. */
export function addPredict(app: Router, deps: PredictDeps): void {
  // Not `app.openapi`: it would validate the body itself, before `readJsonBody` checks type and size.
  app.post(PREDICT_PATH, predictHandler(deps))
  app.openAPIRegistry.registerPath(predictRoute(deps.limits, { keys: deps.keys.required }))
}

function predictHandler(deps: PredictDeps): Handler<RequestEnv> {
  const { classify, limits, labels, metrics } = deps
  const toRequest = createRequestParser(limits)
  const readBody = createBodyReader({
    maxBytes: limits.maxBodyBytes,
    maxTexts: limits.maxTexts,
    budget: deps.bodyBudget,
    timeoutSeconds: deps.bodyTimeoutSeconds,
  })
  const addressOf = clientAddress(deps.trustedProxies)
  const toJson = createScoresWriter(labels)
  const count = predictionCounter(metrics, labels)
  const shortDigest = deps.modelDigest.slice(0, SHORT_DIGEST)

  return async (c) => {
    const caller = authenticate(c, deps.keys, addressOf)
    refuseEarly(c, caller, deps.refusalOf)
    const call = new RequestCall(c, { timeoutSeconds: deps.timeoutSeconds, caller })
    try {
      const { timing, trace } = call
      const { text, truncate = true } = toRequest(await readBody(c, call))
      const answer = classify(text, call)
      const predictions = answer instanceof Promise ? await answer : answer
      const cut = indexesOfTruncated(predictions)
      if (!truncate && cut.length > 0) throw tooManyTokens(cut, deps.maxTokens)

      count(predictions, c.get('key'))
      observeStage(metrics, { stage: 'cache', ms: timing.spent('cache'), trace })
      const cache = cacheStatus(predictions)
      c.set('texts', predictions.length)
      c.set('cache', cache)
      const headers: Record<string, string> = {
        'content-type': 'application/json',
        ...requestIdHeader(c),
        ...rateLimitHeaders(c),
        'x-cache': cache,
        'x-model-digest': shortDigest,
        'server-timing': timing.toHeader(),
      }
      if (cut.length > 0) headers['x-truncated'] = cut.join(',')
      const list = predictions.map((prediction) => prediction.json ?? toJson(prediction.scores))
      return answerWith(c, `{"predictions":[${list.join(',')}]}`, headers)
    } finally {
      call.close()
    }
  }
}

const indexesOfTruncated = (predictions: readonly Prediction[]): readonly number[] =>
  predictions.some(({ truncated }) => truncated)
    ? predictions.flatMap(({ truncated }, i) => (truncated ? [i] : []))
    : []

function cacheStatus(predictions: readonly Prediction[]): CacheStatus {
  const hits = predictions.filter(({ source }) => source === 'memory' || source === 'redis').length
  if (hits === predictions.length) return 'HIT'
  return hits === 0 ? 'MISS' : 'PARTIAL'
}

function tooManyTokens(cut: readonly number[], maxTokens: number): AppError {
  const message = `Longer than ${maxTokens} tokens.`
  return new AppError('invalid_request', 'A text is too long, and truncate is false.', {
    issues: cut.map((i) => ({ path: `text[${i}]`, message })),
  })
}
