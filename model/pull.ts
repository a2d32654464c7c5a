import { readdir, readFile, rename, rm } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { CatalogEntry, Contents, Files, Pull } from './catalog.ts'
import { contentsOf } from './digest.ts'
import { fetchFile, type Hub, type Progress, type RemoteFile, resolveRevision } from './hub.ts'
import { isLfsPointer } from './lfs.ts'
import { ModelError } from './model-error.ts'

const BRANCH = 'main'

interface PullOptions {
  /** The folder that the files are moved to once all are complete. */
  readonly target: string
  readonly hub: Hub
  readonly startProgress: (name: string) => Progress
  readonly say: (line: string) => void
}

/** What was pulled: the commit, and the files. */
export interface Pulled {
  readonly revision: string
  readonly files: Files
}

/**
 * Downloads the weights and the tokenizer of a model, verifies them, and moves them into place all
 * at once. Partial downloads are kept beside the target, and resumed. Throws a `ModelError`.
 */
export async function pull(entry: CatalogEntry, options: PullOptions): Promise<Pulled> {
  const { hub, say } = options
  const target = resolve(options.target)
  await refuseForeign(target)
  const { repository, pull: wanted } = entry
  if (!wanted) throw new ModelError(`${entry.folder} is part of this repository: nothing to pull`)

  const revision = entry.revision ?? (await resolveRevision(hub, repository, BRANCH))
  say(`${repository} at ${revision}`)
  if (!entry.revision) say(`This revision is not pinned: it is what ${BRANCH} is now.`)

  const staging = `${target}.${revision.slice(0, 12)}.partial`
  const files = await fetchAll({ repository, revision }, wanted, { ...options, staging })
  await checkLabels(join(staging, 'config.json'), entry.labels)
  for (const [path, contents] of Object.entries(files)) {
    say(
      `${path}: ${contents.bytes} bytes, sha256 ${contents.sha256}${nameOf(wanted, path, contents)}`,
    )
  }

  await replace(target, staging)
  return { revision, files }
}

/** Only an empty folder or an earlier pull is replaced. */
async function refuseForeign(target: string): Promise<void> {
  const files: string[] = await readdir(target).catch(() => [])
  if (files.length === 0 || files.includes('config.json')) return
  throw new ModelError(`${target} contains other files and is not replaced`)
}

/** The old folder is deleted only after the new one is in place. */
async function replace(target: string, staging: string): Promise<void> {
  const old = `${staging}.old`
  await rename(target, old).catch(() => {}) // There may be none.
  await rename(staging, target)
  await rm(old, { recursive: true, force: true })
}

type Repository = Pick<RemoteFile, 'repository' | 'revision'>
type Staged = PullOptions & { readonly staging: string }

async function fetchAll(from: Repository, wanted: Pull, options: Staged): Promise<Files> {
  const files: Record<string, Contents> = {}
  for (const path of wanted.files) {
    const contents = await fetchOne({ ...from, path }, wanted, options)
    if (!contents) throw new ModelError(`${from.repository} has no ${path}`)
    files[path] = contents
  }
  for (const path of wanted.weights) {
    const contents = await fetchOne({ ...from, path }, wanted, options)
    if (contents) return { ...files, [path]: contents }
  }
  throw new ModelError(`${from.repository} has no weights (${wanted.weights.join(' or ')})`)
}

async function fetchOne(
  file: RemoteFile,
  { locked }: Pull,
  { hub, staging, startProgress }: Staged,
): Promise<Contents | undefined> {
  const expected = locked?.[file.path]
  if (locked && !expected) return undefined // Another format of the weights than the locked one.
  const target = join(staging, file.path)
  const progress = startProgress(file.path)
  const size = await fetchFile(hub, file, { target, report: progress.report }).finally(
    progress.stop,
  )
  if (size === undefined) return undefined

  if (await isLfsPointer(target)) {
    await rm(target)
    throw new ModelError(`${file.path} is a Git LFS pointer of ${size} bytes, not the file itself`)
  }
  const contents = await contentsOf(target)
  if (expected && !isDeepStrictEqual(contents, expected)) {
    await rm(target)
    throw new ModelError(
      `${file.path} has sha256 ${contents.sha256} (${contents.bytes} bytes), ` +
        `but the catalog has ${expected.sha256} (${expected.bytes} bytes)`,
    )
  }
  return contents
}

/** With other labels, or none, predictions would be named wrongly. */
async function checkLabels(path: string, labels: readonly string[]): Promise<void> {
  const Config = z.object({ id2label: z.record(z.string(), z.string()) })
  const config = Config.safeParse(await readJson(path))
  const found = config.success ? Object.values(config.data.id2label) : []
  if (isDeepStrictEqual(found, labels)) return
  const names = found.length > 0 ? found.join(', ') : 'none'
  throw new ModelError(`config.json must have the labels ${labels.join(', ')}; it has ${names}`)
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    throw new ModelError(`${basename(path)} is not JSON`, { cause })
  }
}

function nameOf({ known }: Pull, path: string, contents: Contents): string {
  const names = Object.entries(known)
    .filter(([, files]) => isDeepStrictEqual(files[path], contents))
    .map(([name]) => name)
  return names.length > 0 ? ` (known: ${names.join(', ')})` : ''
}
