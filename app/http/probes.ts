import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import type { Env } from 'hono'
import { AppError } from '../errors.ts'
import type { Health } from '../health.ts'
import { problemResponses, REQUEST_ID_HEADER } from './openapi.ts'
import { HealthStatus, Probe } from './schema.ts'

const json = <S>(schema: S, description: string) => ({
  description,
  headers: REQUEST_ID_HEADER,
  content: { 'application/json': { schema } },
})

const healthRoute = createRoute({
  method: 'get',
  path: '/health',
  operationId: 'getHealth',
  description: 'The same answer for as long as the process answers at all.',
  tags: ['Operations'],
  summary: 'Static health check: uses neither cache nor model',
  responses: { 200: json(HealthStatus, 'The process responds') },
})

const livezRoute = createRoute({
  method: 'get',
  path: '/livez',
  operationId: 'getLiveness',
  description: 'Fails once as many workers hang as work.',
  tags: ['Operations'],
  summary: 'Liveness: fails if the process should be restarted',
  responses: {
    200: json(Probe, 'Alive, also while starting or draining'),
    ...problemResponses(['not_ready']),
  },
})

const readyzRoute = createRoute({
  method: 'get',
  path: '/readyz',
  operationId: 'getReadiness',
  description: 'Fails while starting or draining, and without a warm worker.',
  tags: ['Operations'],
  summary: 'Readiness: fails if traffic should go elsewhere',
  responses: {
    200: json(Probe, 'At least one worker is warm'),
    ...problemResponses(['not_ready']),
  },
})

/** Liveness and readiness, on both the public and the internal port. */
export function addProbes<E extends Env>(app: OpenAPIHono<E>, health: Health): void {
  app.openapi(livezRoute, (c) => {
    refuseBecause(health.whyNotAlive)
    return c.json({ status: 'alive' as const }, 200)
  })
  app.openapi(readyzRoute, (c) => {
    refuseBecause(health.whyNotReady)
    return c.json({ status: 'ready' as const }, 200)
  })
}

export function addHealth<E extends Env>(app: OpenAPIHono<E>): void {
  app.openapi(healthRoute, (c) => c.json({ status: 'healthy' as const }, 200))
}

/** Throws `not_ready`, if there is a reason. */
export function refuseBecause(reason: string | undefined): void {
  if (reason) throw new AppError('not_ready', reason, { headers: { 'Retry-After': '1' } })
}
