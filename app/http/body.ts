import type { Context } from 'hono'
import { AppError } from '../errors.ts'
import { inTime } from '../timeout.ts'

/** What `curl -d` names unasked stands beside JSON's own types; a missing type is read as JSON. */
const JSON_TYPES =
  /^\s*(application\/([\w.!#$&^-]+\+)?json|application\/x-www-form-urlencoded)\s*(;|$)/i

/** Strict: bytes that are no UTF-8 are refused, not replaced. */
const utf8 = new TextDecoder('utf-8', { fatal: true })

interface BodyOptions {
  readonly maxBytes: number
  /** Until when it must be there, on the clock of `performance.now()`. */
  readonly deadlineAt: number
}

/**
 * The JSON value of a request's body. Throws `unsupported_media_type`, `payload_too_large`,
 * `malformed_json`, `deadline_exceeded` if the body does not come in time, or `client_closed` if it breaks off.
 */
export async function readJson(
  c: Context,
  { maxBytes, deadlineAt }: BodyOptions,
): Promise<unknown> {
  const type = c.req.header('content-type')
  if (type && !JSON_TYPES.test(type)) {
    throw new AppError('unsupported_media_type', 'Send the body as application/json.')
  }
  const reading = readBytes(c, maxBytes).catch(throwBodyError)
  const value = parse(await inTime(reading, deadlineAt - performance.now(), tooSlow))
  if (value !== undefined) return value
  throw new AppError('malformed_json', 'The body must be one JSON value in UTF-8.')
}

/** `undefined`, which no JSON means, for what can't be parsed: the parser's own message quotes the body. */
function parse(bytes: ArrayBuffer | Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes))
  } catch {
    return undefined
  }
}

/** What is left of the body may still come, so the connection is not used again. */
const CLOSE = { headers: { Connection: 'close' } }

const tooSlow = () => new AppError('deadline_exceeded', 'The body came too slowly.', CLOSE)

/** A body that breaks off is the caller's doing, not a bug. */
function throwBodyError(cause: unknown): never {
  if (cause instanceof AppError) throw cause
  throw new AppError('client_closed', 'The body broke off.', { ...CLOSE, cause })
}

async function readBytes(c: Context, maxBytes: number): Promise<ArrayBuffer | Uint8Array> {
  const length = c.req.header('content-length')
  if (length !== undefined && Number(length) > maxBytes) throw tooLarge(maxBytes)
  if (length !== undefined && !c.req.header('transfer-encoding')) return c.req.arrayBuffer()
  return readStream(c.req.raw.body, maxBytes)
}

/** A body that does not tell its length is counted as it comes, and let go once it is too long. */
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
