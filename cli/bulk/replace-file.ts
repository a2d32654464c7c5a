import { rename, writeFile } from 'node:fs/promises'

/** Replaces a file as a whole: whoever reads it finds what it was or this. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const next = `${path}.new`
  await writeFile(next, text)
  await rename(next, path)
}
