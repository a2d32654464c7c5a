import { cors } from 'hono/cors'
import type { ApiKeys } from '../api-keys.ts'
import type { ClassifyAtOnce, Explain, RefusalOf } from '../classifier/classify.ts'
import type { Config } from '../config.ts'
import type { Health } from '../health.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import type { Tracing } from '../telemetry/tracing.ts'
import { BodyBudget } from './body-budget.ts'
import { addDialects } from './dialects/dialects.ts'
import { createInference } from './inference.ts'
import { addInfo, wholeTokens } from './info.ts'
import { observed } from './observed.ts'
import { describeKeys, documentOf } from './openapi.ts'
import { addPages, kept, type Pages } from './pages.ts'
import { addHealth, addProbes } from './probes.ts'
import { createRouter, refuseOtherMethods } from './router.ts'
import type { Info, Limits } from './schema.ts'
import { streamHandler } from './streaming/stream-handler.ts'

type HttpConfig = Pick<
  Config,
  | 'MAX_TEXTS'
  | 'MAX_CHARS'
  | 'MAX_BODY_BYTES'
  | 'MAX_BODIES_BYTES'
  | 'MAX_STREAMS'
  | 'EXPLAIN_MAX_TEXTS'
  | 'BODY_TIMEOUT_SECONDS'
  | 'REQUEST_TIMEOUT_SECONDS'
  | 'CORS_ORIGINS'
  | 'DIALECTS'
  | 'TRUSTED_PROXIES'
  | 'LOG_REQUESTS_PER_SECOND'
  | 'LOG_SLOW_MS'
>

export interface AppDeps {
  readonly classify: ClassifyAtOnce
  /** Undefined: explanations are off. */
  readonly explain?: Explain | undefined
  /** Whom the queue would refuse; nobody by default. */
  readonly refusalOf?: RefusalOf | undefined
  readonly config: HttpConfig
  readonly keys: ApiKeys
  readonly info: Info
  readonly pages: Pages
  readonly health: Health
  readonly metrics: Metrics
  /** `undefined` if tracing is off. */
  readonly tracing?: Tracing | undefined
  readonly log: Logger
}

export type Common = ReturnType<typeof createCommon>

/** What the public ports share, and so what bounds and counts requests of both together. */
export function createCommon(deps: AppDeps) {
  const { config, health, metrics, log } = deps
  const { LOG_REQUESTS_PER_SECOND: logsPerSecond, LOG_SLOW_MS: slowMs } = config
  const limits = toLimits(config)
  const parts = toInferenceDeps(deps, limits)
  return {
    limits,
    observe: observed({ health, metrics, log, logsPerSecond, slowMs }),
    inference: createInference(parts),
    stream: streamHandler({ ...parts, maxStreams: config.MAX_STREAMS }),
  }
}

/**
 * The public HTTP app. All dependencies are injected, so tests need no server, model or network.
 */
export function createApp(deps: AppDeps, common = createCommon(deps)) {
  const { config, info, health } = deps
  const app = createRouter()

  app.use(common.observe)
  if (config.CORS_ORIGINS.length > 0) app.use(allowOrigins(config.CORS_ORIGINS))

  const maxExplainTexts = config.EXPLAIN_MAX_TEXTS
  addDialects(app, { ...deps, ...common, maxExplainTexts, dialects: config.DIALECTS })
  addHealth(app)
  addProbes(app, health)
  addInfo(app, info)
  addPages(app, deps.pages, info)

  app.use('/openapi.json', kept())
  if (deps.keys.required) describeKeys(app)
  app.doc31('/openapi.json', documentOf(info.version))
  refuseOtherMethods(app)
  return app
}

const toInferenceDeps = ({ config, info, ...deps }: AppDeps, limits: Limits) => ({
  ...deps,
  limits,
  labels: info.model.labels,
  maxTokens: wholeTokens(info),
  modelDigest: info.model.digest,
  timeoutSeconds: config.REQUEST_TIMEOUT_SECONDS,
  bodyTimeoutSeconds: config.BODY_TIMEOUT_SECONDS,
  bodyBudget: new BodyBudget(config.MAX_BODIES_BYTES),
  trustedProxies: config.TRUSTED_PROXIES,
})

const toLimits = (config: HttpConfig) => ({
  maxTexts: config.MAX_TEXTS,
  maxChars: config.MAX_CHARS,
  maxBodyBytes: config.MAX_BODY_BYTES,
})

const allowOrigins = (origins: readonly string[]) =>
  cors({
    // In an array `*` would be an origin like any other.
    origin: origins.includes('*') ? '*' : [...origins],
    allowMethods: ['GET', 'HEAD', 'POST'],
    exposeHeaders: [
      'X-Request-Id',
      'X-Cache',
      'X-Truncated',
      'X-Model-Digest',
      'Server-Timing',
      'Inference-Header-Content-Length',
      'Retry-After',
      'RateLimit',
      'RateLimit-Policy',
    ],
    maxAge: 600,
  })
