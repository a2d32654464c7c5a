import { createMiddleware } from 'hono/factory'
import type { Health } from '../health.ts'

/** While the service drains, every answer asks its client to connect elsewhere next time. */
export function closeWhileDraining(health: Health) {
  return createMiddleware(async (c, next) => {
    await next()
    if (health.draining) c.header('Connection', 'close')
  })
}
