import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { ModelError } from './model-error.ts'

const Contents = z.strictObject({
  bytes: z.number().int(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})

/** Files by their path in a folder, each with its size and digest. */
const Files = z.record(z.string(), Contents)

/** How the weights that a model is exported from are fetched from a hub. */
const Pull = z.strictObject({
  files: z.array(z.string()),
  /** The first of these that the repository has. */
  weights: z.array(z.string()),
  /** Every file of `revision`, once it has been locked. */
  locked: Files.nullable(),
  /** Contents that have been seen, by name: a pulled file that equals one is called by it. */
  known: z.record(z.string(), Files),
})

const Entry = z.strictObject({
  repository: z.string(),
  /** The commit of the repository, where it is known. */
  revision: z.string().nullable(),
  license: z.string(),
  labels: z.array(z.string()),
  maxTokens: z.number().int(),
  dtype: z.literal('q8'),
  /** Where the exported model lies, beside the catalog. */
  folder: z.string(),
  /** The exported files; null where each exports them for itself. */
  files: Files.nullable(),
  /** Of the exported model as `loadModel` computes it. */
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

/** Where a model lies, and what the catalog says of it: nothing, if it is a folder of one's own. */
export interface Place {
  readonly id: string
  readonly folder: string
  readonly entry: CatalogEntry | undefined
}

const ROOT = import.meta.dirname

export const CATALOG_FILE = join(ROOT, 'catalog.json')

/** Reads the catalog. Throws a `ZodError` if it is not one. */
export async function loadCatalog(file = CATALOG_FILE): Promise<Catalog> {
  return Catalog.parse(JSON.parse(await readFile(file, 'utf8')))
}

/** Replaces one entry, and leaves the rest of the file as it is. */
export async function saveEntry(
  id: string,
  entry: CatalogEntry,
  file = CATALOG_FILE,
): Promise<void> {
  const catalog = { ...(await loadCatalog(file)), [id]: entry }
  await writeFile(file, `${JSON.stringify(catalog, null, 2)}\n`)
}

/** The entry of an id. Throws a `ModelError` that names the ids there are. */
export function entryOf(catalog: Catalog, id: string): CatalogEntry {
  const entry = Object.hasOwn(catalog, id) ? catalog[id] : undefined
  if (entry) return entry
  throw new ModelError(
    `"${id}" is not in the catalog, which has ${Object.keys(catalog).join(', ')}`,
  )
}

/** Finds a model by its catalog id, or by the folder that holds it. Throws a `ModelError` if it is neither. */
export async function findModel(idOrFolder: string): Promise<Place> {
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
  return new ModelError(`${id} ${step}: ${pull}${made} (see model/README.md)`)
}
