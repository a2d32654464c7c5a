import type { Context } from 'hono'
import { routePath } from 'hono/route'
import { type AppError, toAppError } from '../errors.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { createSampler } from '../telemetry/sampler.ts'
import type { RequestEnv } from './request-env.ts'

interface AccessLogOptions {
  readonly log: Logger
  readonly metrics: Metrics
  /** Sampling limit for successes, and for errors of clients (4xx); others are always logged. */
  readonly logsPerSecond: number
  /** Requests that take this long or longer are slow. */
  readonly slowMs: number
}

/**
 * A function that writes one log line per request, with the route pattern, never a raw path or a text:
 * at level warn if it was slow, at level error if it was a bug. Fast successes and clients' errors are
 * sampled.
 */
export function accessLog({ log, metrics, logsPerSecond, slowMs }: AccessLogOptions) {
  const takesLine = sampled(logsPerSecond)

  return (c: Context<RequestEnv>, ms: number, ended?: AppError): void => {
    const failure = c.error ? toAppError(c.error) : ended
    if (failure) countFailure(metrics, failure)
    // A client that takes its time over a body is not the service's slowness.
    const slow = ms >= slowMs && !c.get('stream') && (c.res.status < 400 || c.res.status >= 500)
    const level = levelOf(failure, slow)
    const unlogged = takesLine(c.res.status, level !== 'info')
    if (unlogged !== undefined) log[level](toLine(c, { ms, failure, unlogged }), 'request')
  }
}

function countFailure({ rejected, shed }: Metrics, failure: AppError): void {
  rejected.inc({ code: failure.code })
  if (failure.shed) shed.inc({ reason: failure.shed })
}

/**
 * Says of a request how many were left out since the last line, or `undefined` if it is left out
 * itself. Successes and clients' errors have a limit each, so that a flood of one kind does not hide
 * the other. What `matters` and the service's own errors are never left out.
 */
function sampled(perSecond: number) {
  const successes = createSampler(perSecond)
  const refusals = createSampler(perSecond)

  return (status: number, matters: boolean): number | undefined => {
    const sampler = status < 400 ? successes : refusals
    const taken = matters || status >= 500 || sampler.take()
    return taken ? successes.skipped() + refusals.skipped() : undefined
  }
}

function levelOf(failure: AppError | undefined, slow: boolean) {
  if (failure?.code === 'internal') return 'error'
  return slow ? 'warn' : 'info'
}

interface Facts {
  readonly ms: number
  readonly failure: AppError | undefined
  /** Requests left out by sampling since the last line. */
  readonly unlogged: number
}

const toLine = (c: Context<RequestEnv>, { ms, failure, unlogged }: Facts) => ({
  event: 'request' as const,
  request_id: c.get('requestId'),
  trace_id: traceIdOf(c),
  method: c.req.method,
  route: routePath(c, -1),
  dialect: c.get('dialect')?.name,
  status: c.res.status,
  ms: Math.round(ms * 1000) / 1000,
  key: c.get('key'),
  texts: c.get('texts'),
  stream: c.get('stream')?.format,
  cache: c.get('cache'),
  code: failure?.code,
  shed: failure?.shed,
  unlogged: unlogged || undefined,
  // Only for a bug: other causes can quote what the client sent.
  err: failure?.code === 'internal' ? failure.cause : undefined,
})

/** The trace id; the client's own if this service records no trace. */
function traceIdOf(c: Context<RequestEnv>): string | undefined {
  const { exemplar } = c.get('trace') ?? {}
  return exemplar?.trace_id ?? TRACEPARENT.exec(c.req.header('traceparent') ?? '')?.[1]
}

/** W3C Trace Context, version 00. */
const TRACEPARENT = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/
