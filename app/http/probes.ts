import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import type { Env } from 'hono'
import { AppError } from '../errors.ts'
import { problemResponses } from './openapi.ts'
import { Health, Probe } from './schema.ts'

/** Whether the service may be sent traffic; the composition root flips it once, at the signal. */
export interface Readiness {
  draining: boolean
}

const json = <S>(schema: S, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})

const healthRoute = createRoute({
  method: 'get',
  path: '/health',
  summary: 'Answers at once; touches neither cache nor model',
  responses: { 200: json(Health, 'The process answers') },
})

const livezRoute = createRoute({
  method: 'get',
  path: '/livez',
  summary: 'Liveness: is the process worth keeping',
  responses: { 200: json(Probe, 'Alive, also while it drains') },
})

const readyzRoute = createRoute({
  method: 'get',
  path: '/readyz',
  summary: 'Readiness: may it be sent traffic',
  responses: { 200: json(Probe, 'The model is warm'), ...problemResponses(['not_ready']) },
})

/** Liveness and readiness: the same on the public and the internal port. */
export function addProbes<E extends Env>(app: OpenAPIHono<E>, readiness: Readiness): void {
  app.openapi(livezRoute, (c) => c.json({ status: 'alive' as const }, 200))
  app.openapi(readyzRoute, (c) => {
    if (readiness.draining) throw notReady()
    return c.json({ status: 'ready' as const }, 200)
  })
}

export function addHealth<E extends Env>(app: OpenAPIHono<E>): void {
  app.openapi(healthRoute, (c) => c.json({ status: 'healthy' as const }, 200))
}

const notReady = () =>
  new AppError('not_ready', 'The service is draining.', { headers: { 'Retry-After': '1' } })
