import type { Context } from 'hono'
import type { Asked, Door, Inference } from '../inference.ts'
import { invalidRequest } from '../problem.ts'
import type { Info, Limits } from '../schema.ts'
import type { ServedModel } from './served-model.ts'
import { encodeAnswer } from './v2-answer.ts'
import { createV2Asker } from './v2-asker.ts'

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
  const askFor = createV2Asker(limits, info.model.labels)
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
      const named = { model_name: model.require(c), model_version: model.version }
      return askFor(json, bytes, (tensors, { id, outputs }) =>
        encodeAnswer({ id, ...named }, tensors, outputs),
      )
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
