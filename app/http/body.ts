import type { Context } from 'hono'
import { AppError } from '../errors.ts'
import type { BodyBudget, Reservation } from './body-budget.ts'
import { ByteCollector, tooLarge } from './byte-collector.ts'
import { decode, encodingOf } from './content-encoding.ts'
import { createJsonParser } from './parse-json.ts'
import type { RequestEnv } from './request-env.ts'

/**
 * JSON types, and the form type that `curl -d` sends by default. A missing type is read as JSON.
 */
const JSON_TYPES =
  /^\s*(application\/([\w.!#$&^-]+\+)?json|application\/x-www-form-urlencoded)\s*(;|$)/i

/** Bodies up to this many bytes are read in one piece by the runtime, which is faster. */
const SMALL_BYTES = 65_536

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
interface BodyCall {
  readonly deadlineAt: number
  caller(): string
}

/**
 * A function that reads a request's body as JSON. Throws `unsupported_media_type`,
 * `payload_too_large`, `overloaded` if the budget is spent, `malformed_json`, `request_timeout` or
 * `deadline_exceeded` if the body is too slow, or `client_closed` if it is cut off.
 */
export function createBodyReader(options: BodyReaderOptions) {
  const { maxBytes, budget } = options
  const parse = createJsonParser(options.maxTexts)

  return async (c: Context<RequestEnv>, call: BodyCall): Promise<unknown> => {
    requireJson(c)
    const encoding = encodingOf(c)
    const length = lengthOf(c)
    if (length !== undefined && length > maxBytes) throw tooLarge(maxBytes)

    const reservation = budget.open(() => call.caller())
    try {
      const sent = await inTime(call.deadlineAt, options.timeoutSeconds, () =>
        readBytes(c, { length, maxBytes, reservation }),
      )
      c.set('bodyRead', true)
      if (!encoding) return await parse(sent)
      reservation.reach(sent.byteLength + DECODER_BYTES)
      const plain = new ByteCollector(
        maxBytes,
        beside(reservation, sent.byteLength + DECODER_BYTES),
      )
      await decode(sent, encoding, plain)
      return await parse(plain.bytes)
    } finally {
      reservation.release()
    }
  }
}

/** A reservation for what is held beside `bytes` of the same body. */
const beside = (reservation: Reservation, bytes: number): Reservation => ({
  ...reservation,
  reach: (more) => reservation.reach(bytes + more),
})

function requireJson(c: Context): void {
  const type = c.req.header('content-type')
  if (!type || JSON_TYPES.test(type)) return
  throw new AppError('unsupported_media_type', 'Send the body as application/json.')
}

/** Bytes of a body whose length is known. */
function lengthOf(c: Context): number | undefined {
  const length = c.req.header('content-length')
  return length === undefined || c.req.header('transfer-encoding') ? undefined : Number(length)
}

/** The rest of the body may still arrive, so the connection can't be reused. */
const CLOSE = { headers: { Connection: 'close' } }

function inTime<T>(deadlineAt: number, seconds: number, read: () => Promise<T>): Promise<T> {
  const leftMs = deadlineAt - performance.now()
  const late =
    leftMs < seconds * 1000
      ? () => new AppError('deadline_exceeded', 'The request body took too long.', CLOSE)
      : () => new AppError('request_timeout', `The body took over ${seconds} seconds.`, CLOSE)
  return withLateTimer(read().catch(throwBodyError), Math.min(leftMs, seconds * 1000), late)
}

/** As `withTimeout`, without the cost of a timer for a body that came with its head. */
function withLateTimer<T>(work: Promise<T>, milliseconds: number, late: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined
    const immediate = setImmediate(() => {
      timer = setTimeout(() => reject(late()), milliseconds)
    })
    const clear = () => {
      clearImmediate(immediate)
      clearTimeout(timer)
    }
    work.then(resolve, reject).finally(clear)
  })
}

/** A body that is cut off is the client's failure, not a bug. */
function throwBodyError(cause: unknown): never {
  if (cause instanceof AppError) throw cause
  throw new AppError('client_closed', 'The request body was cut off.', { ...CLOSE, cause })
}

interface Reading {
  /** `undefined` if the request does not say. */
  readonly length: number | undefined
  readonly maxBytes: number
  readonly reservation: Reservation
}

async function readBytes(c: Context<RequestEnv>, reading: Reading): Promise<Uint8Array> {
  const { length, maxBytes, reservation } = reading
  reservation.reach(length ?? 0)
  c.env?.wantBody?.()
  if (length !== undefined && length <= SMALL_BYTES)
    return new Uint8Array(await c.req.arrayBuffer())
  const collector = new ByteCollector(length ?? maxBytes, reservation)
  if (c.req.raw.body) await collect(c.req.raw.body, collector)
  return collector.bytes
}

/** Leaves the rest of the stream to be read if the collector throws. */
async function collect(body: ReadableStream<Uint8Array>, collector: ByteCollector): Promise<void> {
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
