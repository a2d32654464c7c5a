import { pipeline, Readable } from 'node:stream'
import type { ReadableStreamDefaultReader } from 'node:stream/web'
import type { Context } from 'hono'
import { AppError } from '../../errors.ts'
import { createDecoder, type Encoding } from '../content-encoding.ts'
import { discardFrom } from '../unread-body.ts'

type Read = Awaited<ReturnType<ReadableStreamDefaultReader<Uint8Array>['read']>>

/** The body of a request, which is read as fast as it is asked for and no faster. */
export class BodySource {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  readonly #encoding: Encoding | undefined
  #interrupt: ((reason: AppError) => void) | undefined
  #reason: AppError | undefined
  #ended = false

  constructor(body: Context['req']['raw']['body'], encoding: Encoding | undefined) {
    this.#reader = body?.getReader()
    this.#encoding = encoding
    this.#ended = !body
  }

  /** Whether all of it was read. */
  get ended(): boolean {
    return this.#ended
  }

  /** Its chunks, decoded. Throws `client_closed` if it is cut off, `malformed_json` if it is not so encoded, or the reason of `stop`. */
  chunks(): AsyncIterable<Uint8Array> {
    return this.#encoding ? decoded(this.#sent(), this.#encoding) : this.#sent()
  }

  /** Has whoever waits for a chunk, or asks for one later, get this error. */
  stop(reason: AppError): void {
    this.#reason ??= reason
    this.#interrupt?.(this.#reason)
  }

  /** Reads some of the rest and throws it away, so that a client that still writes gets its answer. */
  async discard(): Promise<void> {
    if (this.#reader && !this.#ended) await discardFrom(this.#reader).catch(() => undefined)
  }

  async *#sent(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const { done, value } = await this.#read()
      if (done || !value) break
      yield value
    }
    this.#ended = true
  }

  /** Not by `Promise.race`, which would keep every chunk for as long as the stream lasts. */
  #read(): Promise<Read> {
    if (this.#reason) return Promise.reject(this.#reason)
    if (!this.#reader) return Promise.resolve({ done: true, value: undefined })
    const { promise, resolve, reject } = Promise.withResolvers<Read>()
    this.#interrupt = reject
    this.#reader.read().then(resolve, (cause) => reject(cutOff(cause)))
    return promise
  }
}

async function* decoded(sent: AsyncIterable<Uint8Array>, encoding: Encoding) {
  const decoder = createDecoder(encoding)
  pipeline(Readable.from(sent), decoder, () => undefined)
  try {
    yield* decoder
  } catch (error) {
    throw error instanceof AppError ? error : notValid(encoding, error)
  }
}

const notValid = (encoding: Encoding, cause: unknown) =>
  new AppError('malformed_json', `The body is not valid ${encoding}.`, { cause })

const cutOff = (cause: unknown) =>
  new AppError('client_closed', 'The request body was cut off.', { cause })
