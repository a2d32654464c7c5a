import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { CommandError } from '../command.ts'
import type { WrittenFile } from './written.ts'

/** Bytes that are read at a time. */
const BLOCK = 1_048_576

/** One of the files that are joined. */
export interface Part {
  readonly path: string
  readonly written: WrittenFile
  /** Bytes of what all parts begin with. */
  readonly headBytes: number
  /** Bytes up to the end of each chunk. */
  readonly ends: readonly number[]
}

/** Reads a part from its beginning to its end, chunk by chunk. */
export class PartReader {
  readonly #part: Part
  readonly #handle: FileHandle
  readonly #hash = createHash('sha256')
  #position = 0

  private constructor(part: Part, handle: FileHandle) {
    this.#part = part
    this.#handle = handle
  }

  /** Throws a `CommandError` if it can't be read, or has another size. */
  static async open(part: Part): Promise<PartReader> {
    const handle = await open(part.path).catch((cause: Error) => {
      throw new CommandError(cause.message, { cause })
    })
    const reader = new PartReader(part, handle)
    const { size } = await handle.stat()
    if (size === part.written.bytes) return reader
    await handle.close()
    throw reader.#changed()
  }

  get chunks(): number {
    return this.#part.ends.length
  }

  head(): AsyncIterable<Buffer> {
    return this.#upTo(this.#part.headBytes)
  }

  /** Its chunks must be read in order, after its head. */
  chunk(index: number): AsyncIterable<Buffer> {
    return this.#upTo(this.#part.ends[index] ?? 0)
  }

  /** Throws a `CommandError` if what was read is not what was written. */
  check(): void {
    if (this.#hash.digest('hex') !== this.#part.written.digest) throw this.#changed()
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }

  async *#upTo(end: number): AsyncGenerator<Buffer> {
    while (this.#position < end) {
      const block = Buffer.alloc(Math.min(BLOCK, end - this.#position))
      const { bytesRead } = await this.#handle.read(block, 0, block.length, this.#position)
      if (bytesRead === 0) throw this.#changed()
      const bytes = block.subarray(0, bytesRead)
      this.#hash.update(bytes)
      this.#position += bytesRead
      yield bytes
    }
  }

  #changed(): CommandError {
    return new CommandError(
      `${this.#part.path} is not what was written: remove it, and run its shard again`,
    )
  }
}
