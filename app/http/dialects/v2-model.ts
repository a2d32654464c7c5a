import type { Info } from '../schema.ts'
import type { ServedModel } from './served-model.ts'

/** What the protocol says of the server. */
export const toServerMetadata = ({ name, version }: Info) => ({
  name,
  version,
  extensions: [
    'binary_tensor_data',
    'classification',
    'model_configuration',
    'model_repository',
    'parameters',
    'statistics',
  ],
})

const PLATFORM = 'onnx_onnxv1'

/** What it says of the model: its tensors, whose first dimension is that of the texts. */
export function toModelMetadata({ version }: ServedModel, name: string, labels: readonly string[]) {
  return {
    name,
    versions: [version],
    platform: PLATFORM,
    inputs: [{ name: 'text', datatype: 'BYTES', shape: [-1] }],
    outputs: [
      { name: 'label', datatype: 'BYTES', shape: [-1] },
      { name: 'score', datatype: 'FP32', shape: [-1] },
      { name: 'probabilities', datatype: 'FP32', shape: [-1, labels.length] },
    ],
  }
}

/** The same as Triton's configuration of a model, whose batches are those of the service, not of a request. */
export const toModelConfig = (name: string, labels: readonly string[]) => ({
  name,
  platform: PLATFORM,
  backend: 'onnxruntime',
  max_batch_size: 0,
  input: [{ name: 'text', data_type: 'TYPE_STRING', dims: [-1] }],
  output: [
    { name: 'label', data_type: 'TYPE_STRING', dims: [-1] },
    { name: 'score', data_type: 'TYPE_FP32', dims: [-1] },
    { name: 'probabilities', data_type: 'TYPE_FP32', dims: [-1, labels.length] },
  ],
})
