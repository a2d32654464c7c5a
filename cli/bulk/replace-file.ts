import { constants } from 'node:fs'
import { access, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { CommandError } from '../command.ts'

/** Replaces a file as a whole: whoever reads it finds what it was or this. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const next = `${path}.new`
  await writeFile(next, text)
  await rename(next, path)
}

/** Throws a `CommandError` if no file can be made there: better now than after hours of work. */
export async function checkWritable(path: string): Promise<void> {
  await access(dirname(path), constants.W_OK).catch((cause: Error) => {
    throw new CommandError(`can't write ${path}: ${cause.message}`, { cause })
  })
}
