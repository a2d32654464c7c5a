import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { routePath } from 'hono/route'
import { type AppError, toAppError } from '../errors.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { createSampler } from '../telemetry/sampler.ts'
import type { RequestEnv } from './request-env.ts'

interface AccessLogOptions {
  readonly log: Logger
  readonly metrics: Metrics
  /** Successes that are logged at most; failures and slow requests always are. */
  readonly logsPerSecond: number
  /** From here on a request is slow. */
  readonly slowMs: number
}

/**
 * One log line for each request, by route pattern, never with a raw path or a text: at level warn
 * if it was slow, at level error if it met a bug. Quick successes are sampled.
 */
export function accessLog({ log, metrics, logsPerSecond, slowMs }: AccessLogOptions) {
  const successes = createSampler(logsPerSecond)

  return createMiddleware<RequestEnv>(async (c, next) => {
    const startedAt = performance.now()
    await next()

    const ms = performance.now() - startedAt
    const failure = c.error && toAppError(c.error)
    if (failure) metrics.rejected.inc({ code: failure.code })
    const level = levelOf(failure, ms >= slowMs)
    if (level === 'info' && !failure && !successes.take()) return

    log[level](toLine(c, { ms, failure, unlogged: successes.skipped() }), 'request')
  })
}

function levelOf(failure: AppError | undefined, slow: boolean) {
  if (failure?.code === 'internal') return 'error'
  return slow ? 'warn' : 'info'
}

interface Facts {
  readonly ms: number
  readonly failure: AppError | undefined
  /** Successes since the last line that have none of their own. */
  readonly unlogged: number
}

const toLine = (c: Context<RequestEnv>, { ms, failure, unlogged }: Facts) => ({
  request_id: c.get('requestId'),
  trace_id: traceIdOf(c),
  method: c.req.method,
  route: routePath(c, -1),
  status: c.res.status,
  ms: Math.round(ms * 1000) / 1000,
  texts: c.get('texts'),
  cache: c.get('cache'),
  code: failure?.code,
  unlogged: unlogged || undefined,
  // Only a bug shows its cause: the causes of the others can quote what the client sent.
  err: failure?.code === 'internal' ? failure.cause : undefined,
})

/** Of the caller's own trace, also where this service records none. */
function traceIdOf(c: Context<RequestEnv>): string | undefined {
  const { exemplar } = c.get('trace') ?? {}
  return exemplar?.trace_id ?? TRACEPARENT.exec(c.req.header('traceparent') ?? '')?.[1]
}

/** W3C Trace Context, version 00. */
const TRACEPARENT = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/
