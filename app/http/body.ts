import type { Context } from 'hono'
import { AppError } from '../errors.ts'
import { SharedTimer } from '../shared-timer.ts'
import type { BodyBudget, Reservation } from './body-budget.ts'
import { ByteCollector, tooLarge } from './byte-collector.ts'
import { decode, type Encoding, encodingOf } from './content-encoding.ts'
import { createJsonParser, STEP_BYTES } from './parse-json.ts'
import type { RequestEnv } from './request-env.ts'

/**
 * JSON types, and the form type that `curl -d` sends by default. A missing type is read as JSON.
 */
const JSON_TYPES =
  /^\s*(application\/([\w.!#$&^-]+\+)?json|application\/x-www-form-urlencoded)\s*(;|$)/i

/** Clients of the Open Inference Protocol name bytes even where JSON is all of them. */
const BYTE_TYPES = new RegExp(`${JSON_TYPES.source}|^\\s*application/octet-stream\\s*(;|$)`, 'i')

/** What decoding a body takes beside its bytes. */
const DECODER_BYTES = 65_536

interface BodyReaderOptions {
  readonly maxBytes: number
  readonly maxTexts: number
  /** Bodies that are being read or wait to be parsed share it. */
  readonly budget: BodyBudget
  /** A body must be complete in this time, or by the request's deadline if that comes first. */
  readonly timeoutSeconds: number
}

/** Whose body it is, and when the request must be answered, on the clock of `performance.now()`. */
export interface BodyCall {
  readonly deadlineAt: number
  caller(): string
}

/** Decodes a part of a body. */
type Decode = (bytes: Uint8Array, encoding: Encoding) => Promise<Uint8Array>
type Parse<T> = (bytes: Uint8Array, decode: Decode) => T | Promise<T>
type ParseWith<T> = (bytes: Uint8Array, toJson: (json: Uint8Array) => unknown) => T | Promise<T>

/**
 * Reads the bodies of requests. Throws `unsupported_media_type`, `payload_too_large`, `overloaded` if
 * the budget is spent, `malformed_json`, `request_timeout` or `deadline_exceeded` if the body is too
 * slow, or `client_closed` if it is cut off.
 */
export class BodyReader {
  readonly #options: BodyReaderOptions
  readonly #parse: ReturnType<typeof createJsonParser>
  readonly #timer = new SharedTimer()

  constructor(options: BodyReaderOptions) {
    this.#options = options
    this.#parse = createJsonParser(options.maxTexts)
  }

  /** A body that is JSON. */
  json(c: Context<RequestEnv>, call: BodyCall): Promise<unknown> {
    requireType(c, JSON_TYPES)
    return this.#read(c, call, this.#toJson)
  }

  /** A body that JSON is a part of: `parse` is given all of it, and a reader of that part. */
  bytes<T>(c: Context<RequestEnv>, call: BodyCall, parse: ParseWith<T>): Promise<T> {
    requireType(c, BYTE_TYPES)
    return this.#read(c, call, (bytes) => parse(bytes, this.#toJson))
  }

  /** A body of any type, of which the parser may have parts decoded. */
  raw<T>(c: Context<RequestEnv>, call: BodyCall, parse: Parse<T>): Promise<T> {
    return this.#read(c, call, parse)
  }

  /** At once if it is small. */
  readonly #toJson = (bytes: Uint8Array): unknown =>
    bytes.byteLength <= STEP_BYTES ? this.#parse.now(bytes) : this.#parse.inSteps(bytes)

  async #read<T>(c: Context<RequestEnv>, call: BodyCall, parse: Parse<T>): Promise<T> {
    const { maxBytes, budget } = this.#options
    const encoding = encodingOf(c)
    const length = lengthOf(c)
    if (length !== undefined && length > maxBytes) throw tooLarge(maxBytes)
    const reservation = budget.open(() => call.caller())
    const decodePart: Decode = async (bytes, partEncoding) => {
      const held = bytes.byteLength + DECODER_BYTES
      reservation.reach(held)
      const plain = new ByteCollector(maxBytes, beside(reservation, held))
      await decode(bytes, partEncoding, plain)
      return plain.bytes
    }
    try {
      reservation.reach(length ?? 0)
      c.env?.wantBody?.()
      if (!encoding && length !== undefined && length <= STEP_BYTES) {
        // In one piece, which is faster for small ones.
        const bytes = await this.#inTime(call, c.req.raw.arrayBuffer())
        c.set('bodyRead', true)
        return await parse(new Uint8Array(bytes), decodePart)
      }
      const bytes = await this.#collect(c, call, new ByteCollector(length ?? maxBytes, reservation))
      return await parse(encoding ? await decodePart(bytes, encoding) : bytes, decodePart)
    } finally {
      reservation.release()
    }
  }

  async #collect(c: Context<RequestEnv>, call: BodyCall, collector: ByteCollector) {
    await this.#inTime(call, collect(c.req.raw.body, collector))
    c.set('bodyRead', true)
    return collector.bytes
  }

  /** As `read`, but throws if it takes too long, or the client goes. */
  #inTime<T>({ deadlineAt }: BodyCall, read: Promise<T>): Promise<T> {
    const { timeoutSeconds } = this.#options
    const bodyAt = performance.now() + timeoutSeconds * 1000
    const late =
      deadlineAt < bodyAt
        ? () => new AppError('deadline_exceeded', 'The request body took too long.', CLOSE)
        : () => new AppError('request_timeout', `The body took over ${timeoutSeconds} s.`, CLOSE)
    return this.#timer.race(read, Math.min(deadlineAt, bodyAt), late).catch(throwBodyError)
  }
}

/** A reservation for what is held beside `bytes` of the same body. */
const beside = (reservation: Reservation, bytes: number): Reservation => ({
  ...reservation,
  reach: (more) => reservation.reach(bytes + more),
})

function requireType(c: Context, types: RegExp): void {
  const type = c.req.header('content-type')
  if (!type || types.test(type)) return
  throw new AppError('unsupported_media_type', 'Send the body as application/json.')
}

/** Bytes of a body whose length is known. */
function lengthOf(c: Context): number | undefined {
  const length = c.req.header('content-length')
  return length === undefined || c.req.header('transfer-encoding') ? undefined : Number(length)
}

/** The rest of the body may still arrive, so the connection can't be reused. */
const CLOSE = { headers: { Connection: 'close' } }

/** A body that is cut off is the client's failure, not a bug. */
function throwBodyError(cause: unknown): never {
  if (cause instanceof AppError) throw cause
  throw new AppError('client_closed', 'The request body was cut off.', { ...CLOSE, cause })
}

/** Leaves the rest of the stream to be read if the collector throws. */
async function collect(
  body: ReadableStream<Uint8Array> | null,
  collector: ByteCollector,
): Promise<void> {
  if (!body) return
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      collector.add(value)
    }
  } finally {
    reader.releaseLock()
  }
}
