import { AppError } from '../../errors.ts'
import type { AppDeps, Common } from '../app.ts'
import type { Dialect } from '../dialect.ts'
import { toOpenError } from '../dialects/open-error.ts'
import { createRouter } from '../router.ts'
import { speaks } from '../speaks.ts'
import { addHealthService } from './health-service.ts'
import { addInferenceService } from './inference-service.ts'
import { toGrpcError } from './status.ts'

const GRPC: Dialect = { name: 'grpc', errorBody: toOpenError }

/**
 * The Open Inference Protocol and gRPC's health checks. Each method is a route, so that keys, limits,
 * log, metrics and traces are those of HTTP; a server of HTTP/2 sends what gRPC wants behind a body.
 */
export function createGrpcApp({ info, health }: Pick<AppDeps, 'info' | 'health'>, common: Common) {
  const app = createRouter()
  app.onError((error, c) => toGrpcError(c, error))
  app.notFound((c) => {
    c.error = new AppError('not_found', 'No method has this path.')
    return toGrpcError(c, c.error, 'UNIMPLEMENTED')
  })
  app.use(common.observe, speaks(GRPC))
  addInferenceService(app, { info, health, ...common })
  addHealthService(app, { health, ...common })
  return app
}
