import type { Handler } from 'hono'
import type { ApiKeys } from '../api-keys.ts'
import type { Classify, Prediction, RefusalOf } from '../classifier/classify.ts'
import { AppError } from '../errors.ts'
import type { Network } from '../ip-address.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { observeStage } from '../telemetry/stage.ts'
import { answerWith } from './asset.ts'
import { authenticate } from './authenticate.ts'
import { createBodyReader } from './body.ts'
import type { BodyBudget } from './body-budget.ts'
import { clientAddress } from './client-address.ts'
import { refuseEarly } from './early-refusal.ts'
import { predictRoute } from './predict-route.ts'
import { toInvalidRequest } from './problem.ts'
import { rateLimitHeaders } from './rate-limit-headers.ts'
import { RequestCall } from './request-call.ts'
import type { CacheStatus, RequestEnv } from './request-env.ts'
import { requestIdHeader } from './request-id.ts'
import type { Router } from './router.ts'
import { type Limits, PREDICT_PATH, predictRequest } from './schema.ts'

interface PredictDeps {
  readonly classify: Classify
  readonly refusalOf: RefusalOf | undefined
  readonly limits: Limits
  readonly labels: readonly string[]
  readonly maxTokens: number
  readonly timeoutSeconds: number
  readonly bodyTimeoutSeconds: number
  readonly bodyBudget: BodyBudget
  readonly keys: ApiKeys
  readonly trustedProxies: readonly Network[]
  readonly metrics: Metrics
}

/** `POST /predict`: the sentiment of each text. */
export function addPredict(app: Router, deps: PredictDeps): void {
  // Not `app.openapi`: it would validate the body itself, before `readJsonBody` checks type and size.
  app.post(PREDICT_PATH, predictHandler(deps))
  app.openAPIRegistry.registerPath(predictRoute(deps.limits, { keys: deps.keys.required }))
}

function predictHandler(deps: PredictDeps): Handler<RequestEnv> {
  const { classify, limits, labels, metrics } = deps
  const schema = predictRequest(limits)
  const readBody = createBodyReader({
    maxBytes: limits.maxBodyBytes,
    maxTexts: limits.maxTexts,
    budget: deps.bodyBudget,
    timeoutSeconds: deps.bodyTimeoutSeconds,
  })
  const addressOf = clientAddress(deps.trustedProxies)

  return async (c) => {
    const caller = authenticate(c, deps.keys, addressOf)
    refuseEarly(c, caller, deps.refusalOf)
    const call = new RequestCall(c, { timeoutSeconds: deps.timeoutSeconds, caller })
    try {
      const { timing, trace } = call
      const request = schema.safeParse(await readBody(c, call))
      if (!request.success) throw toInvalidRequest(request.error)

      const { text, truncate = true } = request.data
      const predictions = await classify(text, call)
      const cut = indexesOfTruncated(predictions)
      if (!truncate && cut.length > 0) throw tooManyTokens(cut, deps.maxTokens)

      countPredictions(predictions, { labels, metrics, key: c.get('key') })
      observeStage(metrics, { stage: 'cache', ms: timing.spent('cache'), trace })
      const cache = cacheStatus(predictions)
      c.set('texts', predictions.length)
      c.set('cache', cache)
      const headers: Record<string, string> = {
        'content-type': 'application/json',
        ...requestIdHeader(c),
        ...rateLimitHeaders(c),
        'x-cache': cache,
        'server-timing': timing.toHeader(),
      }
      if (cut.length > 0) headers['x-truncated'] = cut.join(',')
      const body = { predictions: predictions.map((one) => toLabelScores(one, labels)) }
      return await answerWith(c, JSON.stringify(body), headers)
    } finally {
      call.close()
    }
  }
}

const toLabelScores = ({ scores }: Prediction, labels: readonly string[]) =>
  labels.map((label, i) => ({ label, score: scores[i] }))

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

function countPredictions(
  predictions: readonly Prediction[],
  {
    labels,
    metrics,
    key = '',
  }: Pick<PredictDeps, 'labels' | 'metrics'> & { key?: string | undefined },
): void {
  metrics.keyTexts.inc({ key }, predictions.length)
  const winners = predictions.map(({ scores }) => labels[scores.indexOf(Math.max(...scores))] ?? '')
  for (const [source, texts] of tally(predictions.map(({ source }) => source))) {
    metrics.texts.inc({ source }, texts)
  }
  for (const [label, texts] of tally(winners)) metrics.predictions.inc({ label }, texts)
  const cut = indexesOfTruncated(predictions).length
  if (cut > 0) metrics.truncated.inc(cut)
}

/** Occurrences of each name, so that each label set of a counter is looked up only once. */
function tally(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}
