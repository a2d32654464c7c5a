import type { Context, Handler } from 'hono'
import type { ApiKeys } from '../api-keys.ts'
import type { Classify, ClassifyAtOnce, Prediction, RefusalOf } from '../classifier/classify.ts'
import { AppError } from '../errors.ts'
import type { Network } from '../ip-address.ts'
import { DIALECTS } from '../telemetry/labels.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { observeStage } from '../telemetry/stage.ts'
import type { Timing } from '../telemetry/timing.ts'
import type { Tracing } from '../telemetry/tracing.ts'
import { answerWith } from './asset.ts'
import { authenticate } from './authenticate.ts'
import { BodyReader } from './body.ts'
import type { BodyBudget } from './body-budget.ts'
import { cacheStatus } from './cache-status.ts'
import { clientAddress } from './client-address.ts'
import { refuseEarly } from './early-refusal.ts'
import { predictionCounter } from './prediction-counter.ts'
import { rateLimitHeaders } from './rate-limit-headers.ts'
import { RequestCall } from './request-call.ts'
import type { CacheStatus, RequestEnv } from './request-env.ts'
import { requestIdHeader } from './request-id.ts'
import type { Router } from './router.ts'
import type { Limits } from './schema.ts'
import { toShortDigest } from './short-digest.ts'
import { traced } from './traced.ts'

interface InferenceDeps {
  readonly classify: ClassifyAtOnce
  readonly refusalOf?: RefusalOf | undefined
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
  /** Undefined: off. */
  readonly tracing?: Tracing | undefined
}

/** A request as its dialect reads it, and how that answers it. */
export interface Asked {
  readonly texts: readonly string[]
  /** In place of the service's own. */
  readonly classify?: Classify
  /** Why a text that is longer than the model reads is refused; undefined: it is cut. */
  readonly refuseLong?: string | undefined
  /** Where a text stands in the body, for errors. */
  pathOf(index: number): string
  encode(predictions: readonly Prediction[], timing: Timing): Encoded
}

export interface Encoded {
  readonly body: string | Uint8Array<ArrayBuffer>
  /** Beside those of every answer, or in place of them. */
  readonly headers?: Readonly<Record<string, string>>
}

export const TRUNCATE_IS_FALSE = 'truncate is false'

/** What is a dialect's own of a route that predicts. */
export interface Door<Body> {
  /** Answers what is no request of this kind, before anything is done for it; `undefined` for one that is. */
  instead?(c: Context<RequestEnv>): Promise<Response> | undefined
  /** Reads the body. */
  read(c: Context<RequestEnv>, call: RequestCall): Promise<Body>
  /** Throws what is wrong with it. */
  ask(body: Body, c: Context<RequestEnv>): Asked
}

export type Inference = ReturnType<typeof createInference>

/** What lies between the request and the answer, and is the same for every dialect. */
export function createInference(deps: InferenceDeps) {
  const { classify, limits, tracing } = deps
  const { callerOf, openCall } = createCalls(deps)
  const { respond, lastAnswerAt } = createResponder(deps)
  const bodies = new BodyReader({
    maxBytes: limits.maxBodyBytes,
    maxTexts: limits.maxTexts,
    budget: deps.bodyBudget,
    timeoutSeconds: deps.bodyTimeoutSeconds,
  })

  const handler =
    <Body>(door: Door<Body>): Handler<RequestEnv> =>
    async (c) => {
      const other = door.instead?.(c)
      if (other !== undefined) return await other
      const call = openCall(c)
      try {
        const asked = door.ask(await door.read(c, call), c)
        const answer = (asked.classify ?? classify)(asked.texts, call)
        const predictions = answer instanceof Promise ? await answer : answer
        return respond(c, call, { asked, predictions })
      } finally {
        call.close()
      }
    }

  return {
    bodies,
    lastAnswerAt,
    /** Throws `unauthorized` if keys are required and none was sent that is known. */
    requireKey: (c: Context<RequestEnv>) => void callerOf(c),
    /** Adds a route that predicts. */
    post<Body>(app: Router, path: string, door: Door<Body>): void {
      if (tracing) app.post(path, traced(tracing))
      app.post(path, handler(door))
    },
  }
}

/** Who calls, and the calls of those who may. */
function createCalls({ keys, trustedProxies, refusalOf, timeoutSeconds }: InferenceDeps) {
  const addressOf = clientAddress(trustedProxies)
  const callerOf = (c: Context<RequestEnv>) => authenticate(c, keys, addressOf)
  return {
    callerOf,
    /** Throws `unauthorized`, or `overloaded` for a large body. */
    openCall(c: Context<RequestEnv>): RequestCall {
      const caller = callerOf(c)
      refuseEarly(c, caller, refusalOf)
      return new RequestCall(c, { timeoutSeconds, caller })
    },
  }
}

interface Answered {
  readonly asked: Asked
  readonly predictions: readonly Prediction[]
}

/** Turns predictions into answers, and tells metrics and the access log of them. */
function createResponder({ metrics, labels, maxTokens, modelDigest }: InferenceDeps) {
  const shortDigest = toShortDigest(modelDigest)
  const count = predictionCounter(metrics, labels)
  const answers = new Map(DIALECTS.map((dialect) => [dialect, metrics.answers.series({ dialect })]))
  let lastAt = 0

  const note = (c: Context<RequestEnv>, predictions: readonly Prediction[]): CacheStatus => {
    lastAt = Date.now()
    count(predictions, c.get('key'))
    answers.get(c.get('dialect')?.name ?? 'native')?.inc()
    const cache = cacheStatus(predictions)
    c.set('texts', predictions.length)
    c.set('cache', cache)
    return cache
  }

  return {
    /** When the last request was answered, in milliseconds since 1970; 0: none was. */
    lastAnswerAt: () => lastAt,
    /** Throws `invalid_request` if a text was cut that must not be. */
    respond(c: Context<RequestEnv>, call: RequestCall, { asked, predictions }: Answered) {
      const { timing, trace } = call
      const cut = indexesOfTruncated(predictions)
      if (asked.refuseLong && cut.length > 0) throw tooManyTokens(cut, asked, maxTokens)
      observeStage(metrics, { stage: 'cache', ms: timing.spent('cache'), trace })
      const headers: Record<string, string> = {
        'content-type': 'application/json',
        ...requestIdHeader(c),
        ...rateLimitHeaders(c),
        'x-cache': note(c, predictions),
        'x-model-digest': shortDigest,
        'server-timing': timing.toHeader(),
      }
      if (cut.length > 0) headers['x-truncated'] = cut.join(',')
      return toResponse(c, asked.encode(predictions, timing), headers)
    },
  }
}

function toResponse(
  c: Context<RequestEnv>,
  { body, headers: own }: Encoded,
  common: Readonly<Record<string, string>>,
): Response | Promise<Response> {
  const headers = own ? { ...common, ...own } : common
  return typeof body === 'string' ? answerWith(c, body, headers) : new Response(body, { headers })
}

const indexesOfTruncated = (predictions: readonly Prediction[]): readonly number[] =>
  predictions.some(({ truncated }) => truncated)
    ? predictions.flatMap(({ truncated }, i) => (truncated ? [i] : []))
    : []

function tooManyTokens(cut: readonly number[], asked: Asked, maxTokens: number): AppError {
  const message = `Longer than ${maxTokens} tokens.`
  return new AppError('invalid_request', `A text is too long, and ${asked.refuseLong}.`, {
    issues: cut.map((i) => ({ path: asked.pathOf(i), message })),
  })
}
