import { AppError } from '../../errors.ts'
import type { AppDeps, Common } from '../app.ts'
import type { Router } from '../router.ts'
import { Health, HealthCheckResponse_ServingStatus as Status } from './generated/health_pb.ts'
import { GRPCInferenceService } from './generated/open_inference_pb.ts'
import { createMessageReader } from './message.ts'
import { createUnary } from './unary.ts'

/** What may be asked for: the server as a whole, and the one service. */
const SERVICES = new Set(['', GRPCInferenceService.typeName])

/** `grpc.health.v1.Health`, as probes of Kubernetes and load balancers ask it. */
export function addHealthService(
  app: Router,
  { health, inference, limits }: Common & Pick<AppDeps, 'health'>,
): void {
  const unary = createUnary(app, createMessageReader(inference.bodies, limits))
  unary(Health.method.check, ({ service }) => {
    if (!SERVICES.has(service)) throw new AppError('not_found', 'No service has this name.')
    return { status: health.whyNotReady ? Status.NOT_SERVING : Status.SERVING }
  })
}
