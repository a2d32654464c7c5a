import { createMiddleware } from 'hono/factory'
import { routePath } from 'hono/route'
import { toAppError } from '../errors.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import type { RequestEnv } from './request-env.ts'

/** One log line for each request, by route pattern, never with a raw path or a text. */
export function observe(log: Logger, metrics: Metrics) {
  return createMiddleware<RequestEnv>(async (c, next) => {
    const startedAt = performance.now()
    await next()

    const failure = c.error && toAppError(c.error)
    if (failure) metrics.rejected.inc({ code: failure.code })
    const line = {
      request_id: c.get('requestId'),
      method: c.req.method,
      route: routePath(c, -1),
      status: c.res.status,
      ms: Math.round((performance.now() - startedAt) * 1000) / 1000,
      texts: c.get('texts'),
      cache: c.get('cache'),
      code: failure?.code,
    }
    // Only a bug shows its cause: the causes of the others can quote what the client sent.
    if (failure?.code === 'internal') log.error({ ...line, err: failure.cause }, 'request')
    else log.info(line, 'request')
  })
}
