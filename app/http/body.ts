import type { Context } from 'hono'
import { AppError } from '../errors.ts'
import { withTimeout } from '../timeout.ts'

/**
 * JSON types, and the form type that `curl -d` sends by default. A missing type is read as JSON.
 */
const JSON_TYPES =
  /^\s*(application\/([\w.!#$&^-]+\+)?json|application\/x-www-form-urlencoded)\s*(;|$)/i

/** Strict: invalid UTF-8 is rejected, not replaced. */
const utf8 = new TextDecoder('utf-8', { fatal: true })

interface BodyOptions {
  readonly maxBytes: number
  /** When the body must be complete, on the clock of `performance.now()`. */
  readonly deadlineAt: number
}

/**
 * Reads a request's body as JSON. Throws `unsupported_media_type`, `payload_too_large`,
 * `malformed_json`, `deadline_exceeded` if the body is too slow, or `client_closed` if it is cut off.
 */
export async function readJsonBody(
  c: Context,
  { maxBytes, deadlineAt }: BodyOptions,
): Promise<unknown> {
  const type = c.req.header('content-type')
  if (type && !JSON_TYPES.test(type)) {
    throw new AppError('unsupported_media_type', 'Send the body as application/json.')
  }
  const reading = readBytes(c, maxBytes).catch(throwBodyError)
  const value = parse(await withTimeout(reading, deadlineAt - performance.now(), tooSlow))
  if (value !== undefined) return value
  throw new AppError('malformed_json', 'The body must be one JSON value in UTF-8.')
}

/**
 * `undefined`, which is no JSON value, on a parse error: the parser's message would quote the body.
 */
function parse(bytes: ArrayBuffer | Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes))
  } catch {
    return undefined
  }
}

/** The rest of the body may still arrive, so the connection can't be reused. */
const CLOSE = { headers: { Connection: 'close' } }

const tooSlow = () => new AppError('deadline_exceeded', 'The request body took too long.', CLOSE)

/** A body that is cut off is the client's failure, not a bug. */
function throwBodyError(cause: unknown): never {
  if (cause instanceof AppError) throw cause
  throw new AppError('client_closed', 'The request body was cut off.', { ...CLOSE, cause })
}

async function readBytes(c: Context, maxBytes: number): Promise<ArrayBuffer | Uint8Array> {
  const length = c.req.header('content-length')
  if (length !== undefined && Number(length) > maxBytes) throw tooLarge(maxBytes)
  if (length !== undefined && !c.req.header('transfer-encoding')) return c.req.arrayBuffer()
  return readStream(c.req.raw.body, maxBytes)
}

/** Reads a body without Content-Length, and stops once it is too large. */
async function readStream(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.byteLength
    if (size > maxBytes) throw tooLarge(maxBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const tooLarge = (maxBytes: number) =>
  new AppError('payload_too_large', `The body is larger than ${maxBytes} bytes.`)
