import { type FileHandle, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
import { KeyFileError, type NamedKey, parseKeyFile } from '../app/key-file.ts'
import { CommandError } from './command.ts'

const OWNER_ONLY = 0o600

interface Existing {
  /** Where it really is: a link to it stays a link. */
  readonly path: string
  readonly text: string
  readonly mode: number
  readonly owner: { readonly uid: number; readonly gid: number } | undefined
}

/**
 * Adds a line to a key file, or makes the file, in one step: a service that reads it meanwhile sees
 * either the old one or the new one. Throws a `CommandError` and changes nothing if the file is wrong,
 * or if it has the name already and is not to `rotate` it, or does not have it and is.
 */
export async function addToKeyFile(
  file: string,
  key: NamedKey,
  { rotate }: { readonly rotate: boolean },
): Promise<void> {
  const path = await orKnownError(file, realpathOrSelf(file))
  // Made by one alone: it is the lock, too.
  const draft = `${path}.new`
  const handle = await open(draft, 'wx', OWNER_ONLY).catch((error: Error) => {
    throw new CommandError(whyNoDraft(file, draft, error), { cause: error })
  })
  try {
    const existing = await orKnownError(file, read(path))
    checkName(file, existing.text, { name: key.name, rotate })
    await orKnownError(file, write(handle, existing, `${key.name} ${key.digest}\n`))
    await handle.close()
    await orKnownError(file, rename(draft, path))
  } catch (error) {
    await handle.close().catch(() => undefined)
    await rm(draft, { force: true })
    throw error
  }
}

function checkName(
  file: string,
  text: string,
  { name, rotate }: { readonly name: string; readonly rotate: boolean },
): void {
  const known = keysOf(file, text).some((key) => key.name === name)
  if (known && !rotate) {
    throw new CommandError(`${file} has a key of ${name}: --rotate adds another one`)
  }
  if (!known && rotate) throw new CommandError(`${file} has no key of ${name} to rotate`)
}

function keysOf(file: string, text: string): readonly NamedKey[] {
  try {
    return parseKeyFile(text)
  } catch (error) {
    if (!(error instanceof KeyFileError)) throw error
    throw new CommandError(`${file}: ${error.message}`, { cause: error })
  }
}

async function write(handle: FileHandle, existing: Existing, line: string): Promise<void> {
  const { text, mode, owner } = existing
  const end = text === '' || text.endsWith('\n') ? '' : '\n'
  // Root may add to the file of another user, who must still be able to read it.
  if (owner && owner.uid !== process.getuid?.()) await handle.chown(owner.uid, owner.gid)
  await handle.chmod(mode)
  await handle.writeFile(text + end + line)
  await handle.sync()
}

async function read(path: string): Promise<Existing> {
  const stats = await stat(path).catch(orUndefined)
  if (!stats) return { path, text: '', mode: OWNER_ONLY, owner: undefined }
  if (!stats.isFile()) throw new CommandError(`${path} is not a file`)
  return { path, text: await readFile(path, 'utf8'), mode: stats.mode & 0o7777, owner: stats }
}

const realpathOrSelf = async (file: string): Promise<string> =>
  (await realpath(file).catch(orUndefined)) ?? file

/** What is missing is to be made. */
function orUndefined(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error
}

function whyNoDraft(file: string, draft: string, error: Error): string {
  if (codeOf(error) !== 'EEXIST') return `${file} can't be written: ${error.message}`
  return `${draft} is there: another one adds a key now, or was cut off; then remove it`
}

async function orKnownError<T>(file: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof CommandError || !codeOf(error)) throw error
    throw new CommandError(`${file} can't be changed (${codeOf(error)})`, { cause: error })
  }
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined
