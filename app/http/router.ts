import { OpenAPIHono } from '@hono/zod-openapi'
import { AppError } from '../errors.ts'
import { toProblem } from './problem.ts'
import type { RequestEnv } from './request-env.ts'

export type Router = ReturnType<typeof createRouter>

/** A router that reports every error as problem details (RFC 9457). */
export function createRouter() {
  const router = new OpenAPIHono<RequestEnv>()
  router.onError((error, c) => toProblem(c, error))
  router.notFound((c) => {
    // Not thrown: an error thrown here would skip what middleware does after the response is there.
    c.error = new AppError('not_found', 'No route has this path; /docs lists them all.')
    return toProblem(c, c.error)
  })
  return router
}

/**
 * Responds 405 with `Allow` to other methods on known paths. Must be called after all routes are
 * added.
 */
export function refuseOtherMethods(router: Router): void {
  const allowed = new Map<string, Set<string>>()
  for (const { method, path } of router.routes) {
    if (method === 'ALL') continue
    const methods = allowed.get(path) ?? new Set()
    allowed.set(path, methods.add(method))
    if (method === 'GET') methods.add('HEAD')
  }
  for (const [path, methods] of allowed) {
    const headers = { Allow: [...methods].join(', ') }
    router.all(path, () => {
      throw new AppError('method_not_allowed', `This path takes ${headers.Allow}.`, { headers })
    })
  }
}
