import { randomUUID } from 'node:crypto'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { RequestEnv } from './request-env.ts'

const HEADER = 'x-request-id'

/** Characters that are safe in log lines and pages. */
const SANE = /^[\w\-=]{1,255}$/

/** Sets the request id, the client's own if it is safe, and returns it in the response. */
export const requestId = createMiddleware<RequestEnv>(async (c, next) => {
  const wanted = c.req.header(HEADER)
  c.set('requestId', wanted && SANE.test(wanted) ? wanted : randomUUID())
  await next()
  if (c.get('requestIdSent')) return
  for (const [name, value] of Object.entries(requestIdHeader(c))) c.header(name, value)
})

/** The id, and what every answer has, as headers, for handlers that build a `Response`: adding a header afterwards is slow. */
export function requestIdHeader(c: Context<RequestEnv>): Record<string, string> {
  c.set('requestIdSent', true)
  return { [HEADER]: c.get('requestId'), 'x-content-type-options': 'nosniff' }
}
