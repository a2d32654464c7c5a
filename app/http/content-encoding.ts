import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type { Context } from 'hono'
import { AppError } from '../errors.ts'
import type { ByteCollector } from './byte-collector.ts'

const DECODERS = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
} as const

export type Encoding = keyof typeof DECODERS

export const isEncoding = (name: string): name is Encoding => Object.hasOwn(DECODERS, name)

/** The encoding of a request's body, `undefined` for none. Throws `unsupported_media_type`. */
export function encodingOf(c: Context): Encoding | undefined {
  const name = c.req.header('content-encoding')?.trim().toLowerCase()
  if (!name || name === 'identity') return undefined
  if (isEncoding(name)) return name
  throw new AppError('unsupported_media_type', 'Send the body plain, or as gzip, deflate or br.', {
    headers: { 'Accept-Encoding': 'gzip, deflate, br' },
  })
}

/** A decoder that works in threads of the runtime. */
export const createDecoder = (encoding: Encoding) => DECODERS[encoding]()

/**
 * Decodes a body in threads of the runtime, a piece at a time, until the collector has enough: a
 * bomb is refused by its decoded size, and never held. Throws `malformed_json` if it is not so encoded.
 */
export async function decode(
  bytes: Uint8Array,
  encoding: Encoding,
  collector: ByteCollector,
): Promise<void> {
  const decoder = createDecoder(encoding)
  decoder.end(bytes)
  await collect(decoder, collector).catch((cause: unknown) => {
    if (cause instanceof AppError) throw cause
    throw new AppError('malformed_json', `The body is not valid ${encoding}.`, { cause })
  })
}

/** Ends the decoder if the collector throws. */
async function collect(
  decoder: AsyncIterable<Uint8Array>,
  collector: ByteCollector,
): Promise<void> {
  for await (const chunk of decoder) collector.add(chunk)
}
