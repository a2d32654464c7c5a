import { open } from 'node:fs/promises'

const POINTER = 'version https://git-lfs.github.com/spec/'

/** Whether a file is a Git LFS pointer instead of the large file itself. */
export async function isLfsPointer(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(POINTER.length))
    return buffer.toString('utf8', 0, bytesRead) === POINTER
  } finally {
    await file.close()
  }
}
