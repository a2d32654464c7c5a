import type { Prediction } from '../../classifier/classify.ts'
import { type Asked, type Encoded, TRUNCATE_IS_FALSE } from '../inference.ts'
import type { Limits } from '../schema.ts'
import { createTensors, type Tensor } from './v2-answer.ts'
import { createV2Reader, type V2Asked } from './v2-request.ts'

type Encode = (tensors: readonly Tensor[], request: V2Asked) => Encoded

/**
 * What a request of the Open Inference Protocol asks, whatever bytes it came in: a function of its JSON, of
 * the raw contents behind it, and of what turns the tensors of the answer into bytes.
 */
export function createV2Asker(limits: Limits, labels: readonly string[]) {
  const read = createV2Reader(limits)
  const toTensor = createTensors(labels)
  return (json: unknown, bytes: Uint8Array, encode: Encode): Asked => {
    const request = read(json, bytes)
    const toTensors = (predictions: readonly Prediction[]) => {
      const scores = predictions.map((prediction) => prediction.scores)
      return request.outputs.map((output) => toTensor(scores, output))
    }
    return {
      texts: request.texts,
      refuseLong: request.truncate ? undefined : TRUNCATE_IS_FALSE,
      pathOf: (index) => `inputs[0].data[${index}]`,
      encode: (predictions) => encode(toTensors(predictions), request),
    }
  }
}
