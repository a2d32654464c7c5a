import { randomUUID } from 'node:crypto'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { RequestEnv } from './request-env.ts'

const HEADER = 'x-request-id'

/** Characters that are safe in log lines and pages. */
const SANE = /^[\w\-=]{1,255}$/

/** The client's own id if it is safe, else a new one. */
export function idOf(c: Context): string {
  const wanted = c.req.header(HEADER)
  return wanted && SANE.test(wanted) ? wanted : randomUUID()
}

/** Adds the id to the response, unless it is there already. */
export function sendId(c: Context<RequestEnv>): void {
  if (c.get('requestIdSent')) return
  for (const [name, value] of Object.entries(requestIdHeader(c))) c.header(name, value)
}

/** Sets the request id, and returns it in the response. */
export const requestId = createMiddleware<RequestEnv>(async (c, next) => {
  c.set('requestId', idOf(c))
  await next()
  sendId(c)
})

/** The id, and what every answer has, as headers, for handlers that build a `Response`: adding a header afterwards is slow. */
export function requestIdHeader(c: Context<RequestEnv>): Record<string, string> {
  c.set('requestIdSent', true)
  return { [HEADER]: c.get('requestId'), 'x-content-type-options': 'nosniff' }
}
