import { open } from 'node:fs/promises'

const POINTER = 'version https://git-lfs.github.com/spec/'

/** Whether a file is the short text that Git LFS leaves in place of a large file. */
export async function isLfsPointer(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(POINTER.length))
    return buffer.toString('utf8', 0, bytesRead) === POINTER
  } finally {
    await file.close()
  }
}
