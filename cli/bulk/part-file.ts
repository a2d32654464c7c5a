import { type FileHandle, open, rename } from 'node:fs/promises'
import { asCommandError, CommandError } from '../command.ts'

/** Where rows go. */
export interface Output {
  /** Bytes that were written, those of earlier runs included. */
  readonly bytes: number
  write(text: string): Promise<void>
  /** Resolves when what was written is safe. */
  sync(): Promise<void>
  /** It is complete. */
  finish(): Promise<void>
  /** It ends as it is. */
  close(): Promise<void>
}

/** A file that appears under its name when it is complete; until then `NAME.part` holds what there is. */
export class PartFile implements Output {
  readonly #path: string
  readonly #handle: FileHandle
  #bytes: number
  #finished = false

  private constructor(path: string, handle: FileHandle, bytes: number) {
    this.#path = path
    this.#handle = handle
    this.#bytes = bytes
  }

  /** Opens it, with the first `bytes` of what an earlier run has left. */
  static async open(path: string, bytes: number): Promise<PartFile> {
    const handle = await open(`${path}.part`, bytes > 0 ? 'r+' : 'w').catch(asCommandError)
    const { size } = await handle.stat()
    if (size < bytes) {
      await handle.close()
      throw new CommandError(`${path}.part has lost some of its bytes: begin again`)
    }
    await handle.truncate(bytes)
    return new PartFile(path, handle, bytes)
  }

  get bytes(): number {
    return this.#bytes
  }

  async write(text: string): Promise<void> {
    const bytes = Buffer.from(text)
    let written = 0
    while (written < bytes.length) {
      const result = await this.#handle.write(bytes, written, bytes.length - written, this.#bytes)
      written += result.bytesWritten
      this.#bytes += result.bytesWritten
    }
  }

  /** Waits until what was written is on the disk. */
  async sync(): Promise<void> {
    await this.#handle.datasync()
  }

  /** It is complete. */
  async finish(): Promise<void> {
    await this.#handle.datasync()
    await this.#handle.close()
    this.#finished = true
    await rename(`${this.#path}.part`, this.#path)
  }

  /** It stays as it is, for a later run; nothing happens to one that is complete. */
  async close(): Promise<void> {
    if (!this.#finished) await this.#handle.close()
  }
}
