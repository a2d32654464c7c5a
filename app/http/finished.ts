import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { sayLength } from './head.ts'
import type { RequestEnv } from './request-env.ts'
import { announcesBody, createUnreadCloser } from './unread-body.ts'

/** Finishes answers to HEAD and to requests whose body was not read. */
export function finished() {
  const finish = finisher()
  return createMiddleware<RequestEnv>(async (c, next) => {
    await next()
    await finish(c)
  })
}

/** A function that does so; `undefined` if there is nothing to do, as for almost all requests. */
export function finisher(): (c: Context<RequestEnv>) => Promise<void> | undefined {
  const closeUnread = createUnreadCloser()
  const finishBoth = async (c: Context<RequestEnv>) => {
    if (c.req.method === 'HEAD') await sayLength(c)
    if (isUnread(c)) await closeUnread(c)
  }
  return (c) => (c.req.method === 'HEAD' || isUnread(c) ? finishBoth(c) : undefined)
}

const isUnread = (c: Context<RequestEnv>) =>
  !c.get('bodyRead') && announcesBody(c) && !c.env?.shared
