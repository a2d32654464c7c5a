import { createMiddleware } from 'hono/factory'
import { sayLength } from './head.ts'
import type { RequestEnv } from './request-env.ts'
import { announcesBody, createUnreadCloser } from './unread-body.ts'

/** Finishes answers to HEAD and to requests whose body was not read; one middleware, as each costs every request. */
export function finished() {
  const closeUnread = createUnreadCloser()
  return createMiddleware<RequestEnv>(async (c, next) => {
    await next()
    if (c.req.method === 'HEAD') await sayLength(c)
    if (!c.get('bodyRead') && announcesBody(c)) await closeUnread(c)
  })
}
