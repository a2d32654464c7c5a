import { createHash } from 'node:crypto'
import { createReadStream, fstatSync, statSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { CommandError } from '../command.ts'

const GZIP = Buffer.from([0x1f, 0x8b])
const UTF_8 = Buffer.from([0xef, 0xbb, 0xbf])
const UTF_16 = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])]

/** The bytes of an input, unpacked if they are gzip. */
export interface Input extends AsyncIterable<Buffer> {
  /** The first bytes, which stay part of it. */
  readonly first: Buffer
  /** Whether it begins with the byte order mark of UTF-8. */
  readonly hasMark: boolean
  /** Bytes of the file that were read, of how many; none in total for what is no file. */
  progress(): { readonly read: number; readonly total: number | undefined }
}

/** Opens a file, or standard input for `-`. Throws a `CommandError` if it can't be read, or is UTF-16. */
export async function openInput(path: string): Promise<Input> {
  const source = path === '-' ? process.stdin : createReadStream(path)
  const total = sizeOf(path)
  let read = 0
  const counted = count(source, (bytes) => {
    read += bytes
  })
  const packed = await peek(counted).catch((error: Error) => {
    throw new CommandError(`can't read ${path}: ${error.message}`, { cause: error })
  })
  const isGzip = packed.first.subarray(0, GZIP.length).equals(GZIP)
  const plain = isGzip ? await peek(unpack(packed.chunks, path)) : packed
  if (UTF_16.some((mark) => plain.first.subarray(0, mark.length).equals(mark))) {
    throw new CommandError(`${path} is UTF-16: convert it first, as by iconv -f UTF-16 -t UTF-8`)
  }
  return {
    first: plain.first,
    hasMark: plain.first.subarray(0, UTF_8.length).equals(UTF_8),
    progress: () => ({ read, total }),
    [Symbol.asyncIterator]: () => plain.chunks,
  }
}

/** Bytes of the byte order mark of UTF-8. */
export const MARK_BYTES = UTF_8.length

async function* count(source: Readable, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    onBytes(chunk.length)
    yield chunk
  }
}

async function* unpack(chunks: AsyncIterable<Buffer>, path: string): AsyncGenerator<Buffer> {
  const unzip = createGunzip()
  const piped = pipeline(chunks, unzip).catch(() => undefined)
  try {
    for await (const chunk of unzip) yield chunk
  } catch (cause) {
    throw new CommandError(`${path} is damaged: ${(cause as Error).message}`, { cause })
  }
  await piped
}

/** The first chunk of a stream, and the whole of it again. */
async function peek(chunks: AsyncGenerator<Buffer>) {
  const { value, done } = await chunks.next()
  const first = done ? Buffer.alloc(0) : value
  return { first, chunks: again(first, chunks) }
}

async function* again(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first
  yield* rest
}

/** Bytes of a regular file. */
function sizeOf(path: string): number | undefined {
  try {
    const stats = path === '-' ? fstatSync(process.stdin.fd) : statSync(path)
    return stats.isFile() ? stats.size : undefined
  } catch {
    return undefined
  }
}

/** Digest of the bytes that were read up to a place, and no further. */
export class PrefixDigest {
  readonly #hash = createHash('sha256')
  #hashed = 0
  #pending: Buffer[] = []

  /** Passes bytes on, and keeps those whose digest was not asked for yet. */
  async *through(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      this.#pending.push(chunk)
      yield chunk
    }
  }

  /** SHA-256 of the first `offset` bytes, in hexadecimal; `undefined` if there are not as many. Offsets may only rise. */
  upTo(offset: number): string | undefined {
    while (this.#hashed < offset) {
      const chunk = this.#pending.shift()
      if (!chunk) return undefined
      const length = Math.min(chunk.length, offset - this.#hashed)
      this.#hash.update(chunk.subarray(0, length))
      this.#hashed += length
      if (length < chunk.length) this.#pending.unshift(chunk.subarray(length))
    }
    return this.#hash.copy().digest('hex')
  }
}

/** A stream without its first `offset` bytes. Calls `atOffset` before it goes on, also if there are not as many. */
export async function* skipBytes(
  chunks: AsyncIterable<Buffer>,
  offset: number,
  atOffset: () => void,
): AsyncGenerator<Buffer> {
  let left = offset
  let told = false
  for await (const chunk of chunks) {
    const rest = chunk.subarray(Math.min(left, chunk.length))
    left -= chunk.length - rest.length
    if (left > 0) continue
    if (!told) atOffset()
    told = true
    if (rest.length > 0) yield rest
  }
  if (!told) atOffset()
}
