import { randomUUID } from 'node:crypto'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { RequestEnv } from './request-env.ts'

const HEADER = 'x-request-id'

/** What can harm neither a log line nor a page. */
const SANE = /^[\w\-=]{1,255}$/

/** Gives the request its id, the caller's own if it is a sane one, and sends it with the answer. */
export const requestId = createMiddleware<RequestEnv>(async (c, next) => {
  const wanted = c.req.header(HEADER)
  c.set('requestId', wanted && SANE.test(wanted) ? wanted : randomUUID())
  await next()
  if (!c.get('requestIdSent')) c.header(HEADER, c.get('requestId'))
})

/** The id as a header for who builds a `Response` itself: adding one to it afterwards is slow. */
export function requestIdHeader(c: Context<RequestEnv>): Record<string, string> {
  c.set('requestIdSent', true)
  return { [HEADER]: c.get('requestId') }
}
