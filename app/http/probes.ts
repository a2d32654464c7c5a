import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import type { Env } from 'hono'
import { AppError } from '../errors.ts'
import type { Health } from '../health.ts'
import { problemResponses } from './openapi.ts'
import { HealthStatus, Probe } from './schema.ts'

const json = <S>(schema: S, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})

const healthRoute = createRoute({
  method: 'get',
  path: '/health',
  summary: 'Answers at once; touches neither cache nor model',
  responses: { 200: json(HealthStatus, 'The process answers') },
})

const livezRoute = createRoute({
  method: 'get',
  path: '/livez',
  summary: 'Liveness: is the process worth keeping',
  responses: {
    200: json(Probe, 'Alive, also while it starts or drains'),
    ...problemResponses(['not_ready']),
  },
})

const readyzRoute = createRoute({
  method: 'get',
  path: '/readyz',
  summary: 'Readiness: may it be sent traffic',
  responses: { 200: json(Probe, 'A worker is warm'), ...problemResponses(['not_ready']) },
})

/** Liveness and readiness: the same on the public and the internal port. */
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

function refuseBecause(reason: string | undefined): void {
  if (reason) throw new AppError('not_ready', reason, { headers: { 'Retry-After': '1' } })
}
