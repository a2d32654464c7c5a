import type { ServedModel } from '../dialects/served-model.ts'
import { type Tensor, toBytes } from '../dialects/v2-answer.ts'
import { createV2Asker } from '../dialects/v2-asker.ts'
import { toText } from '../dialects/v2-strings.ts'
import type { Asked, Door } from '../inference.ts'
import type { Limits } from '../schema.ts'
import type {
  InferParameter,
  ModelInferRequest,
  ModelInferRequest_InferInputTensor,
} from './generated/open_inference_pb.ts'
import { ModelInferRequestSchema, ModelInferResponseSchema } from './generated/open_inference_pb.ts'
import { type ReadMessage, toBody } from './message.ts'
import { OK } from './status.ts'

interface InferOptions {
  readonly readMessage: ReadMessage
  readonly model: ServedModel
  readonly labels: readonly string[]
  readonly limits: Limits
}

/** `ModelInfer`: the same request and answer as those of the protocol over HTTP, in other bytes. */
export function createInferDoor(options: InferOptions): Door<ModelInferRequest> {
  const { readMessage, model, labels, limits } = options
  const askFor = createV2Asker(limits, labels)
  return {
    read: (c, call) => readMessage(c, call, ModelInferRequestSchema),
    ask(request): Asked {
      const modelName = model.named(request.modelName, request.modelVersion)
      const raw = request.rawInputContents
      const isRaw = raw.length > 0
      return askFor(toJson(request), Buffer.concat(raw), (tensors, { id }) => {
        const answer = {
          modelName,
          modelVersion: model.version,
          id: id ?? '',
          outputs: tensors.map((tensor) => toOutput(tensor, isRaw)),
          // As the request came.
          rawOutputContents: isRaw ? tensors.map(toBytes) : [],
        }
        return { body: toBody(ModelInferResponseSchema, answer), headers: OK }
      })
    },
  }
}

/** As the protocol has it in JSON, with raw contents for bytes behind it. */
const toJson = ({ id, parameters, inputs, outputs, rawInputContents }: ModelInferRequest) => ({
  id,
  parameters: toValues(parameters),
  inputs: inputs.map((input, i) => toInput(input, rawInputContents[i])),
  outputs: outputs.map(({ name, parameters }) => ({ name, parameters: toValues(parameters) })),
})

function toInput(input: ModelInferRequest_InferInputTensor, raw: Uint8Array | undefined) {
  const { name, datatype, shape, parameters, contents } = input
  return {
    name,
    datatype,
    shape: shape.map(Number),
    parameters: { ...toValues(parameters), binary_data_size: raw?.byteLength },
    data: contents?.bytesContents.map(toText),
  }
}

const toValues = (parameters: Readonly<Record<string, InferParameter>>) =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => [name, toValue(parameter)]),
  )

/** Integers come as `bigint`. */
const toValue = ({ parameterChoice: { value } }: InferParameter) =>
  typeof value === 'bigint' ? Number(value) : value

function toOutput(tensor: Tensor, isRaw: boolean) {
  const { name, datatype, shape } = tensor
  const output = { name, datatype, shape: shape.map(BigInt) }
  return isRaw ? output : { ...output, contents: toContents(tensor) }
}

const toContents = ({ datatype, data }: Tensor) =>
  datatype === 'BYTES'
    ? { bytesContents: data.map((one) => Buffer.from(String(one))) }
    : { fp32Contents: data.map(Number) }
