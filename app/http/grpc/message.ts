import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf'
import type { Context } from 'hono'
import { AppError } from '../../errors.ts'
import type { BodyCall, BodyReader } from '../body.ts'
import { type Encoding, isEncoding } from '../content-encoding.ts'
import type { RequestEnv } from '../request-env.ts'
import type { Limits } from '../schema.ts'
import { checkFieldCount } from './field-count.ts'
import { frame, unframe } from './framing.ts'

/** As many as JSON may have values: for each text, and beside them. */
const FIELDS_PER_TEXT = 4
const SPARE_FIELDS = 64

export type ReadMessage = ReturnType<typeof createMessageReader>

/**
 * A function that reads the one message of a request. Throws what `BodyReader` does,
 * `malformed_request` and `invalid_request`.
 */
export function createMessageReader(bodies: BodyReader, { maxTexts }: Limits) {
  const mostFields = maxTexts * FIELDS_PER_TEXT + SPARE_FIELDS

  const toMessage = <Schema extends DescMessage>(schema: Schema, bytes: Uint8Array) => {
    try {
      checkFieldCount(schema, bytes, mostFields)
      return fromBinary(schema, bytes, { readUnknownFields: false })
    } catch (error) {
      throw error instanceof AppError ? error : malformed(schema, error)
    }
  }

  return <Schema extends DescMessage>(
    c: Context<RequestEnv>,
    call: BodyCall,
    schema: Schema,
  ): Promise<MessageShape<Schema>> => {
    const encoding = encodingOf(c)
    return bodies.raw(c, call, async (body, decode) => {
      const { bytes, compressed } = unframe(body)
      if (!compressed) return toMessage(schema, bytes)
      if (!encoding) throw new AppError('malformed_request', 'grpc-encoding is missing.')
      return toMessage(schema, await decode(bytes, encoding))
    })
  }
}

const malformed = ({ typeName }: DescMessage, cause: unknown) =>
  new AppError('malformed_request', `The body is no ${typeName}.`, { cause })

/** What a message is compressed by that says that it is; `undefined` for nothing. */
function encodingOf(c: Context): Encoding | undefined {
  const name = c.req.header('grpc-encoding')?.toLowerCase() ?? 'identity'
  if (name === 'identity') return undefined
  if (isEncoding(name)) return name
  throw new AppError('unsupported_media_type', 'Compress messages by gzip or deflate.', {
    headers: { 'grpc-accept-encoding': 'identity,gzip,deflate' },
  })
}

/** The body of a response. */
export const toBody = <Schema extends DescMessage>(
  schema: Schema,
  message: MessageInitShape<Schema>,
) => frame(toBinary(schema, create(schema, message)))
