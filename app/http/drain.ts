import { createMiddleware } from 'hono/factory'
import type { Health } from '../health.ts'

/**
 * While draining, every response has `Connection: close`, so that clients reconnect to another
 * replica.
 */
export function closeWhileDraining(health: Health) {
  return createMiddleware(async (c, next) => {
    await next()
    if (health.draining) c.header('Connection', 'close')
  })
}
