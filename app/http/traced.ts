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
    const outcome = {
      route: routePath(c, -1),
      method: c.req.method,
      dialect: c.get('dialect')?.name ?? 'native',
      status: c.res.status,
      code: c.error && toAppError(c.error).code,
      requestId: c.get('requestId'),
    }
    const stream = c.get('stream')
    if (!stream) trace.end(outcome)
    else void stream.ended.then(({ error }) => trace.end({ ...outcome, code: error?.code }))
  })
}
