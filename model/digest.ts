import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { Contents } from './catalog.ts'

/**
 * Size and SHA-256 of a file, read in chunks. Rejects with the system's error if it can't be read.
 */
export async function contentsOf(path: string): Promise<Contents> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return { bytes, sha256: hash.digest('hex') }
}
