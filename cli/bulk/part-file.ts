import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, type FileHandle, open, rename } from 'node:fs/promises'
import { asCommandError, CommandError } from '../command.ts'

/** Where rows go. */
export interface Output {
  /** Bytes that were written, those of earlier runs included. */
  readonly bytes: number
  write(text: string | Uint8Array): Promise<void>
  /** Resolves when what was written is safe. */
  sync(): Promise<void>
  /** It is complete. */
  finish(): Promise<void>
  /** It ends as it is. */
  close(): Promise<void>
  /** SHA-256 of all bytes, in hexadecimal, once it is complete; of standard output none. */
  digest(): string
}

interface Earlier {
  /** That an earlier run has left, and that stay. */
  readonly bytes: number
  /** Whether that run was complete, so that the file may have its name already. */
  readonly complete: boolean
}

/** Gives a file back the name of what is partial, unless it still has it. */
async function takeBack(path: string): Promise<void> {
  const isThere = await access(`${path}.part`).then(
    () => true,
    () => false,
  )
  if (!isThere) await rename(path, `${path}.part`).catch(asCommandError)
}

/** A file that appears under its name when it is complete; until then `NAME.part` holds what there is. */
export class PartFile implements Output {
  readonly #path: string
  readonly #handle: FileHandle
  readonly #hash: Hash
  #bytes = 0
  #finished = false

  private constructor(path: string, handle: FileHandle, hash: Hash) {
    this.#path = path
    this.#handle = handle
    this.#hash = hash
  }

  /** Opens it, with what an earlier run has left, if there was one. */
  static async open(path: string, earlier?: Earlier): Promise<PartFile> {
    const bytes = earlier?.bytes ?? 0
    if (earlier?.complete) await takeBack(path)
    const handle = await open(`${path}.part`, bytes > 0 ? 'r+' : 'w').catch(asCommandError)
    const { size } = await handle.stat()
    if (size < bytes) {
      await handle.close()
      throw new CommandError(`${path}.part has lost some of its bytes: begin again`)
    }
    await handle.truncate(bytes)
    const hash = createHash('sha256')
    if (bytes > 0) for await (const chunk of createReadStream(`${path}.part`)) hash.update(chunk)
    const file = new PartFile(path, handle, hash)
    file.#bytes = bytes
    return file
  }

  get bytes(): number {
    return this.#bytes
  }

  digest(): string {
    return this.#hash.copy().digest('hex')
  }

  async write(text: string | Uint8Array): Promise<void> {
    const bytes = typeof text === 'string' ? Buffer.from(text) : text
    this.#hash.update(bytes)
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
