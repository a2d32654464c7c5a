import type { ModelInfo } from '../model/model-info.ts'
import manifest from '../package.json' with { type: 'json' }
import type { ApiKeys } from './api-keys.ts'
import { createMemory, openBuckets, openRedisCache } from './cache/open.ts'
import { cached } from './classifier/cached.ts'
import { createCachedValueReader, toCachedValue } from './classifier/cached-value.ts'
import type { Prediction } from './classifier/classify.ts'
import { coalesced } from './classifier/coalesced.ts'
import { explained, toExplainOptions } from './classifier/explained.ts'
import { rateLimited } from './classifier/rate-limited.ts'
import { remembered } from './classifier/remembered.ts'
import type { Config } from './config.ts'
import { type Engine, openEngine } from './engine.ts'
import { Health } from './health.ts'
import { type AppDeps, createApp, createCommon } from './http/app.ts'
import { toInfo } from './http/info.ts'
import { createInternalApp } from './http/internal.ts'
import { loadPages } from './http/pages.ts'
import { createRefusals, type Refuse } from './http/refusals.ts'
import type { Fetch } from './http/request-env.ts'
import { createScoresWriter } from './label-scores.ts'
import { openApiKeys } from './open-api-keys.ts'
import { orConfigError, readServedModel, readShadowModel } from './open-model.ts'
import { openShadow } from './shadow-engine.ts'
import type { LogOutput } from './telemetry/log-output.ts'
import type { Logger } from './telemetry/logger.ts'
import { createMetrics, type Metrics } from './telemetry/metrics.ts'
import type { Tracing } from './telemetry/tracing.ts'
import { cpuLimit } from './workers/cpu-limit.ts'
import type { PoolStates } from './workers/pool.ts'

export interface Service {
  /** Worker threads that infer. */
  readonly workers: number
  /** Metrics and probes, from the first moment on. */
  readonly internalFetch: Fetch
  /** Answers what is not HTTP, on both ports. */
  readonly refuse: Refuse
  /** Warms the model, and resolves with what answers on the public ports. */
  open(): Promise<Answers>
  /** From here on `/readyz` says yes: the public port is open. */
  serve(): void
  /** From here on `/readyz` says no, so that the platform sends its traffic elsewhere. */
  drain(): void
  close(): Promise<void>
}

interface Answers {
  readonly http: Fetch
  /** Undefined: off. */
  readonly grpc: Fetch | undefined
}

/** The only place that knows every part: builds them from the ground up and joins them. */
export async function createService(config: Config, log: Logger, out: LogOutput): Promise<Service> {
  const model = await readServedModel(config, log)
  const shadowModel = await readShadowModel(config, model, log)
  const metrics = createMetrics(model.labels)
  out.onLost((lines) => metrics.logLinesLost.inc(lines))
  metrics.modelInfo.set({ id: model.id, digest: model.digest, dtype: model.dtype }, 1)
  const health = new Health()
  const { keys, close: closeKeys } = await openApiKeys(config, { metrics, log })
  const tracing =
    config.OTEL_EXPORTER_OTLP_ENDPOINT && !config.OTEL_SDK_DISABLED
      ? await loadTracing(log)
      : undefined
  const workers = config.WORKERS ?? cpuLimit()
  const parts = { model, shadowModel, workers, keys, metrics, health, tracing, log }
  let close = async () => {}

  return {
    workers,
    internalFetch: createInternalApp(health, metrics).fetch,
    refuse: createRefusals({ metrics, log, logsPerSecond: config.LOG_REQUESTS_PER_SECOND }),
    async open() {
      const service = await openPublic(config, parts)
      close = service.close
      return service.answers
    },
    serve() {
      health.phase = 'serving'
    },
    drain() {
      health.phase = 'draining'
    },
    close() {
      closeKeys()
      return close()
    },
  }
}

interface Parts {
  readonly model: ModelInfo
  /** Undefined: none. */
  readonly shadowModel: ModelInfo | undefined
  readonly workers: number
  readonly keys: ApiKeys
  readonly metrics: Metrics
  readonly health: Health
  /** Undefined: off. */
  readonly tracing: Tracing | undefined
  readonly log: Logger
}

/** Everything behind the public port. Resolves when the engine is warm. */
async function openPublic(config: Config, parts: Parts) {
  const { model, workers, metrics, tracing, log } = parts
  const codec = { encode: toCachedValue, decode: createCachedValueReader(model.labels) }
  const memory = createMemory<Prediction>(config, ({ json = '' }) => json.length)
  const toJson = createScoresWriter(model.labels)
  const redis = openRedisCache(config, { codec, metrics, log })
  const [engine, pages] = await Promise.all([
    orConfigError('MODEL', openWorkers(config, parts)),
    loadPages(model.card),
  ])
  const { numerics, maxBatchTokens, refusalOf, refusalOfTexts } = engine
  const keyParts = {
    prefix: config.CACHE_PREFIX,
    modelDigest: model.digest,
    numerics,
    longTexts: config.LONG_TEXTS,
  }
  const { RATE_LIMIT_TEXTS_PER_MINUTE: textsPerMinute, RATE_LIMIT_MISS_COST: missCost } = config
  const buckets = textsPerMinute && openBuckets(config, textsPerMinute, { metrics, log })

  const shadow = openShadowOf(engine, config, parts)
  const predicted = shadow ? shadow.wrap(engine.classify) : engine.classify
  const shared = redis
    ? coalesced(cached(predicted, { cache: redis, ...keyParts }))
    : coalesced(predicted, refusalOfTexts)
  const known = memory ? remembered(shared, { memory, toJson, metrics }) : shared
  const classify = buckets ? rateLimited(known, { textsPerMinute, missCost, buckets }) : known
  const explain = config.EXPLAIN ? explained(classify, toExplainOptions(config, model)) : undefined
  const tiers = [memory && 'memory', redis && 'redis'].filter((tier) => tier !== undefined)
  const asked = { classify, explain, refusalOf }
  const { version } = manifest
  const info = toInfo(config, { version, model, numerics, maxBatchTokens, workers, tiers })

  return {
    answers: await createAnswers({ ...parts, ...asked, config, info, pages }, config),
    async close() {
      await Promise.all([engine.close(), shadow?.close()])
      await redis?.close()
      if (buckets) buckets.close()
      await tracing?.close()
    },
  }
}

/** What speaks gRPC is loaded where it is wanted. */
async function createAnswers(deps: AppDeps, { GRPC_PORT }: Config): Promise<Answers> {
  const common = createCommon(deps)
  const http = createApp(deps, common).fetch
  if (GRPC_PORT === undefined) return { http, grpc: undefined }
  const { createGrpcApp } = await import('./http/grpc/app.ts')
  return { http, grpc: createGrpcApp(deps, common).fetch }
}

/** Begins after the served model is warm, which it must not delay. */
function openShadowOf(engine: Engine, config: Config, parts: Parts) {
  const { shadowModel, model, health, metrics, log } = parts
  if (!shadowModel) return undefined
  const isIdle = () => !health.draining && engine.isIdle()
  const { SHADOW_SHARE: share, LONG_TEXTS: longTexts } = config
  return openShadow(shadowModel, {
    share,
    labels: model.labels,
    longTexts,
    isIdle,
    metrics,
    log,
  })
}

/** Loaded where it is wanted: OpenTelemetry takes a third of a second and 50 MB. */
async function loadTracing(log: Logger): Promise<Tracing> {
  const telemetry = await import('./telemetry/tracing.ts')
  return telemetry.openTracing(manifest.version, log)
}

function openWorkers(
  config: Config,
  { model, workers, metrics, health, tracing, log }: Parts,
): Promise<Engine> {
  const options = {
    workers,
    maxQueueTokens: config.MAX_QUEUE_TOKENS,
    maxQueueSeconds: config.MAX_QUEUE_SECONDS,
    maxBatchTokens: config.MAX_BATCH_TOKENS,
    batchTimeoutSeconds: config.BATCH_TIMEOUT_SECONDS,
    longTexts: config.LONG_TEXTS,
  }
  const onWorkers = (states: PoolStates) => {
    health.workers = { warm: states.idle + states.busy, leaving: states.leaving }
    for (const [state, threads] of Object.entries(states)) metrics.workers.set({ state }, threads)
  }
  const traceBatch = tracing?.batch ?? (() => undefined)
  return openEngine(model, options, { metrics, traceBatch, log, onWorkers })
}
