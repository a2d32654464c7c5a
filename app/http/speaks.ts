import { createMiddleware } from 'hono/factory'
import type { Dialect } from './dialect.ts'
import type { RequestEnv } from './request-env.ts'

/** Answers errors of these routes in their dialect. */
export const speaks = (dialect: Dialect) =>
  createMiddleware<RequestEnv>((c, next) => {
    c.set('dialect', dialect)
    return next()
  })
