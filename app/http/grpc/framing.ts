import { AppError } from '../../errors.ts'

/** Before each message: 1 if it is compressed, and its length in four bytes. */
const PREFIX_BYTES = 5

interface Message {
  readonly bytes: Uint8Array
  readonly compressed: boolean
}

/** The one message of a body. Throws `malformed_request`. */
export function unframe(body: Uint8Array): Message {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  const isOne =
    body.byteLength >= PREFIX_BYTES &&
    view.getUint8(0) <= 1 &&
    view.getUint32(1) === body.byteLength - PREFIX_BYTES
  if (!isOne) throw new AppError('malformed_request', 'The body is not one message of gRPC.')
  return { bytes: body.subarray(PREFIX_BYTES), compressed: view.getUint8(0) === 1 }
}

/** The body of one message, which is not compressed. */
export function frame(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array(PREFIX_BYTES + message.byteLength)
  new DataView(body.buffer).setUint32(1, message.byteLength)
  body.set(message, PREFIX_BYTES)
  return body
}
