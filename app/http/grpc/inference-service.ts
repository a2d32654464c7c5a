import type { AppDeps, Common } from '../app.ts'
import { servedModel } from '../dialects/served-model.ts'
import { toModelMetadata, toServerMetadata } from '../dialects/v2-model.ts'
import type { Router } from '../router.ts'
import { GRPCInferenceService } from './generated/open_inference_pb.ts'
import { createInferDoor } from './infer.ts'
import { createMessageReader } from './message.ts'
import { createUnary, pathOf } from './unary.ts'

type Options = Common & Pick<AppDeps, 'info' | 'health'>

/** `inference.GRPCInferenceService`. */
export function addInferenceService(app: Router, options: Options): void {
  const { info, health, inference, limits } = options
  const { labels } = info.model
  const { serverLive, serverReady, modelReady, serverMetadata, modelMetadata, modelInfer } =
    GRPCInferenceService.method
  const model = servedModel(info)
  const readMessage = createMessageReader(inference.bodies, limits)
  const unary = createUnary(app, readMessage)

  unary(serverLive, () => ({ live: !health.whyNotAlive }))
  unary(serverReady, () => ({ ready: !health.whyNotReady }))
  unary(modelReady, ({ name, version }) => {
    model.named(name, version)
    return { ready: !health.whyNotReady }
  })
  unary(serverMetadata, () => toServerMetadata(info))
  unary(modelMetadata, ({ name, version }) => {
    const { inputs, outputs, ...rest } = toModelMetadata(model, model.named(name, version), labels)
    return { ...rest, inputs: inputs.map(toTensor), outputs: outputs.map(toTensor) }
  })
  inference.post(app, pathOf(modelInfer), createInferDoor({ readMessage, model, labels, limits }))
}

const toTensor = <Tensor extends { readonly shape: readonly number[] }>(tensor: Tensor) => ({
  ...tensor,
  shape: tensor.shape.map(BigInt),
})
