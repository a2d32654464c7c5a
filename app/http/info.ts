import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import type { Env } from 'hono'
import { Info } from './schema.ts'

const infoRoute = createRoute({
  method: 'get',
  path: '/info',
  summary: 'The model, limits, workers and cache tiers of this process',
  responses: {
    200: { description: 'As configured', content: { 'application/json': { schema: Info } } },
  },
})

/** `GET /info`: model, limits and configuration; constant for the lifetime of the process. */
export function addInfo<E extends Env>(app: OpenAPIHono<E>, info: Info): void {
  app.openapi(infoRoute, (c) => c.json(info, 200))
}
