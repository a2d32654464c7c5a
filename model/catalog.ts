import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import entries from './catalog.json' with { type: 'json' }

/** Where a model comes from, and the folder that holds its files. */
export interface CatalogEntry {
  readonly id: string
  readonly source: string
  readonly revision: string | null
  readonly folder: string
}

const Catalog = z.record(
  z.string(),
  z.strictObject({
    source: z.string(),
    revision: z.string().nullable(),
    license: z.string(),
    folder: z.string(),
  }),
)

/** Finds a model by its catalog id, or by the folder that holds it. Throws if it is neither. */
export function findModel(idOrFolder: string): CatalogEntry {
  const catalog = Catalog.parse(entries)
  const known = catalog[idOrFolder]
  if (known) {
    return { ...known, id: idOrFolder, folder: join(import.meta.dirname, known.folder) }
  }
  const folder = resolve(idOrFolder)
  if (existsSync(join(folder, 'config.json'))) {
    return { id: idOrFolder, source: 'a local folder', revision: null, folder }
  }
  const ids = Object.keys(catalog).join(', ')
  throw new Error(`"${idOrFolder}" is neither a catalog id (${ids}) nor a model folder`)
}
