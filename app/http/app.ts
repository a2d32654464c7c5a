import { createRoute } from '@hono/zod-openapi'
import { cors } from 'hono/cors'
import type { Classify } from '../classifier/classify.ts'
import type { Config } from '../config.ts'
import type { Life } from '../health.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import type { Tracing } from '../telemetry/tracing.ts'
import { observe } from './access-log.ts'
import { countRequests } from './http-metrics.ts'
import { addPages, type Pages } from './pages.ts'
import { predictHandler, predictRoute } from './predict.ts'
import { addHealth, addProbes } from './probes.ts'
import { nameRequest, sendRequestId } from './request-id.ts'
import { closeWhileDraining, createRouter, refuseOtherMethods } from './router.ts'
import { Info } from './schema.ts'
import { traced } from './traced.ts'

type HttpConfig = Pick<
  Config,
  | 'MAX_TEXTS'
  | 'MAX_CHARS'
  | 'MAX_BODY_BYTES'
  | 'REQUEST_TIMEOUT_SECONDS'
  | 'CORS_ORIGINS'
  | 'API_KEYS'
  | 'LOG_REQUESTS_PER_SECOND'
  | 'LOG_SLOW_MS'
>

export interface AppDeps {
  readonly classify: Classify
  readonly config: HttpConfig
  readonly info: Info
  readonly pages: Pages
  readonly life: Life
  readonly metrics: Metrics
  /** Undefined: off. */
  readonly tracing?: Tracing | undefined
  readonly log: Logger
}

/** The whole public surface, given everything it needs: no server, no model and no network to test it. */
export function createApp(deps: AppDeps) {
  const { config, info, life, metrics, log } = deps
  const limits = {
    maxTexts: config.MAX_TEXTS,
    maxChars: config.MAX_CHARS,
    maxBodyBytes: config.MAX_BODY_BYTES,
  }
  const app = createRouter()

  const logsPerSecond = config.LOG_REQUESTS_PER_SECOND
  app.use(
    nameRequest,
    observe({ log, metrics, logsPerSecond, slowMs: config.LOG_SLOW_MS }),
    countRequests(metrics),
    closeWhileDraining(life),
  )
  if (deps.tracing) app.use('/predict', traced(deps.tracing))
  if (config.CORS_ORIGINS.length > 0) app.use(allowOrigins(config.CORS_ORIGINS))

  const predict = predictHandler({
    classify: deps.classify,
    limits,
    labels: info.model.labels,
    maxTokens: info.model.max_tokens,
    timeoutSeconds: config.REQUEST_TIMEOUT_SECONDS,
    apiKeys: config.API_KEYS,
    metrics,
  })
  app.post('/predict', predict)
  app.openAPIRegistry.registerPath(predictRoute(limits))
  app.use(sendRequestId)
  addHealth(app)
  addProbes(app, life)
  app.openapi(infoRoute, (c) => c.json(info, 200))
  addPages(app, deps.pages)

  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'Polarity', version: info.version, license: { name: 'Apache-2.0' } },
  })
  refuseOtherMethods(app)
  return app
}

const infoRoute = createRoute({
  method: 'get',
  path: '/info',
  summary: 'What answers here: model, limits, workers, cache',
  responses: {
    200: { description: 'As configured', content: { 'application/json': { schema: Info } } },
  },
})

const allowOrigins = (origins: readonly string[]) =>
  cors({
    // In an array `*` would be an origin like any other.
    origin: origins.includes('*') ? '*' : [...origins],
    allowMethods: ['GET', 'HEAD', 'POST'],
    exposeHeaders: ['X-Request-Id', 'X-Cache', 'X-Truncated', 'Server-Timing', 'Retry-After'],
    maxAge: 600,
  })
