import { createMiddleware } from 'hono/factory'
import { routePath } from 'hono/route'
import { toAppError } from '../errors.ts'
import type { Tracing } from '../telemetry/tracing.ts'
import type { RequestEnv } from './request-env.ts'

/**
 * Records a span for the request in its caller's trace; returns its `traceparent` in the response.
 */
export function traced(tracing: Tracing) {
  return createMiddleware<RequestEnv>(async (c, next) => {
    const trace = tracing.begin((name) => c.req.header(name))
    c.set('trace', trace)
    await next()
    c.header('traceparent', trace.parent)
    trace.end({
      route: routePath(c, -1),
      method: c.req.method,
      dialect: c.get('dialect')?.name ?? 'native',
      status: c.res.status,
      code: c.error && toAppError(c.error).code,
      requestId: c.get('requestId'),
    })
  })
}
