import type { Context } from 'hono'
import { type Asked, type Door, type Inference, TRUNCATE_IS_FALSE } from '../inference.ts'
import { invalidRequest } from '../problem.ts'
import type { Info, Limits } from '../schema.ts'
import type { ServedModel } from './served-model.ts'
import { createTensors, encodeAnswer } from './v2-answer.ts'
import { createV2Reader } from './v2-request.ts'

/** How many bytes of the body are JSON; the rest is tensors. */
const LENGTH_HEADER = 'Inference-Header-Content-Length'

interface DoorOptions {
  readonly inference: Inference
  readonly model: ServedModel
  readonly info: Info
  readonly limits: Limits
}

interface Body {
  /** Undefined: there is none. */
  readonly json: unknown
  readonly bytes: Uint8Array
}

/** How inference requests are read and answered. */
export function createV2Door({ inference, model, info, limits }: DoorOptions): Door<Body> {
  const read = createV2Reader(limits)
  const toTensor = createTensors(info.model.labels)
  return {
    read(c, call) {
      model.require(c)
      const jsonBytes = jsonBytesOf(c)
      return inference.bodies.bytes(c, call, (all, toJson) => {
        const { begin, bytes } = split(all, jsonBytes)
        const json = jsonBytes === 0 ? undefined : toJson(begin)
        return json instanceof Promise ? json.then((json) => ({ json, bytes })) : { json, bytes }
      })
    },
    ask({ json, bytes }, c): Asked {
      const { id, texts, truncate, outputs } = read(json, bytes)
      const head = { id, model_name: model.require(c), model_version: model.version }
      return {
        texts,
        refuseLong: truncate ? undefined : TRUNCATE_IS_FALSE,
        pathOf: (index) => `inputs[0].data[${index}]`,
        encode(predictions) {
          const scores = predictions.map((prediction) => prediction.scores)
          const tensors = outputs.map((output) => toTensor(scores, output))
          return encodeAnswer(head, tensors, outputs)
        },
      }
    },
  }
}

/** Undefined: all of the body is JSON. */
function jsonBytesOf(c: Context): number | undefined {
  const length = c.req.header(LENGTH_HEADER)
  if (length === undefined) return undefined
  if (!/^\d{1,15}$/.test(length)) throw wrongLength('Must be a number of bytes.')
  return Number(length)
}

function split(all: Uint8Array, jsonBytes = all.byteLength) {
  if (jsonBytes > all.byteLength) {
    throw wrongLength(`Is more than the body has: ${all.byteLength}.`)
  }
  return { begin: all.subarray(0, jsonBytes), bytes: all.subarray(jsonBytes) }
}

const wrongLength = (message: string) => invalidRequest([{ path: LENGTH_HEADER, message }])
