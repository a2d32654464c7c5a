import { randomUUID } from 'node:crypto'
import { createMiddleware } from 'hono/factory'
import type { RequestEnv } from './request-env.ts'

const HEADER = 'x-request-id'

/** What can harm neither a log line nor a page. */
const SANE = /^[\w\-=]{1,255}$/

/** Gives the request its id: the caller's own if it is a sane one, else a new one. */
export const nameRequest = createMiddleware<RequestEnv>((c, next) => {
  const wanted = c.req.header(HEADER)
  c.set('requestId', wanted && SANE.test(wanted) ? wanted : randomUUID())
  return next()
})

/** Tells the caller the request's id, for the handlers that don't do so themselves. */
export const sendRequestId = createMiddleware<RequestEnv>(async (c, next) => {
  await next()
  c.header(HEADER, c.get('requestId'))
})
