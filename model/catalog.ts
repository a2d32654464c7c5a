import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { ModelError } from './model-error.ts'

const Contents = z.strictObject({
  bytes: z.number().int(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})

/** Files by relative path, each with its size and digest. */
const Files = z.record(z.string(), Contents)

/** How the original weights, which the model is exported from, are downloaded from a hub. */
const Pull = z.strictObject({
  files: z.array(z.string()),
  /** Candidates; the first that exists in the repository is used. */
  weights: z.array(z.string()),
  /** The files of `revision`; null until it is locked. */
  locked: Files.nullable(),
  /** Known contents by name: `pull` reports the name of a file that matches. */
  known: z.record(z.string(), Files),
})

const Entry = z.strictObject({
  repository: z.string(),
  /** Of the exported weights: `1`, `2`, ... Null if users export them themselves. */
  version: z.string().nullable(),
  /** The pinned commit of the repository; null if not pinned. */
  revision: z.string().nullable(),
  license: z.string(),
  labels: z.array(z.string()),
  maxTokens: z.number().int(),
  dtype: z.literal('q8'),
  /** Folder of the exported model, relative to the catalog. */
  folder: z.string(),
  /** The exported files; null if users export them themselves. */
  files: Files.nullable(),
  /** Digest of the exported model, as computed by `readModelInfo`. */
  digest: z.string().nullable(),
  /** Null for a model that is part of this repository. */
  pull: Pull.nullable(),
})

const Catalog = z.record(z.string(), Entry)

export type Contents = z.infer<typeof Contents>
export type Files = z.infer<typeof Files>
export type Pull = z.infer<typeof Pull>
export type CatalogEntry = z.infer<typeof Entry>
type Catalog = z.infer<typeof Catalog>

/** A model's folder and its catalog entry; `undefined` for a folder outside the catalog. */
export interface ModelLocation {
  readonly id: string
  readonly folder: string
  readonly entry: CatalogEntry | undefined
}

const ROOT = import.meta.dirname

export const CATALOG_FILE = join(ROOT, 'catalog.json')

/** Reads the catalog. Throws a `ZodError` if it is invalid. */
export async function loadCatalog(file = CATALOG_FILE): Promise<Catalog> {
  return Catalog.parse(JSON.parse(await readFile(file, 'utf8')))
}

/** Replaces one entry of the catalog file. */
export async function saveEntry(
  id: string,
  entry: CatalogEntry,
  file = CATALOG_FILE,
): Promise<void> {
  const catalog = { ...(await loadCatalog(file)), [id]: entry }
  await writeFile(file, `${JSON.stringify(catalog, null, 2)}\n`)
}

/** The entry of an id. Throws a `ModelError` that lists the known ids. */
export function entryOf(catalog: Catalog, id: string): CatalogEntry {
  const entry = Object.hasOwn(catalog, id) ? catalog[id] : undefined
  if (entry) return entry
  throw new ModelError(
    `"${id}" is not in the catalog, which has ${Object.keys(catalog).join(', ')}`,
  )
}

/** Finds a model by its catalog id or its folder. Throws a `ModelError` if it is neither. */
export async function findModel(idOrFolder: string): Promise<ModelLocation> {
  const catalog = await loadCatalog()
  const entry = Object.hasOwn(catalog, idOrFolder) ? catalog[idOrFolder] : undefined
  if (entry) {
    const folder = join(ROOT, entry.folder)
    if (entry.pull && !existsSync(join(folder, 'config.json'))) throw notMade(idOrFolder)
    return { id: idOrFolder, folder, entry }
  }

  const folder = resolve(idOrFolder)
  if (existsSync(folder)) return { id: idOrFolder, folder, entry: undefined }
  const ids = Object.keys(catalog).join(', ')
  throw new ModelError(`"${idOrFolder}" is neither a catalog id (${ids}) nor a folder`)
}

/** Of a model that each makes for themselves: in two steps, the second with Python. */
function notMade(id: string): ModelError {
  const pulled = existsSync(join(ROOT, 'pulled', id))
  const step = pulled ? 'is pulled, but not exported' : 'is not on this machine'
  const pull = pulled ? '' : `npm run model:pull -- ${id}, then `
  const made = `python model/tools/export.py --model model/pulled/${id} --out model/${id}`
  return new ModelError(
    `${id} ${step}; in a checkout of the repository: ${pull}${made} (see model/README.md)`,
  )
}
