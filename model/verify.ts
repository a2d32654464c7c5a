import { isDeepStrictEqual } from 'node:util'
import type { CatalogEntry, Files } from './catalog.ts'

interface Contents {
  readonly files: Files
  readonly digest: string
}

/**
 * What of a model's files is not as the catalog pins it, in one line that names the file.
 * `undefined` where all are, and where the catalog pins none.
 */
export function whyNotPinned(
  entry: Pick<CatalogEntry, 'files' | 'digest'> | undefined,
  { files, digest }: Contents,
): string | undefined {
  if (!entry?.files) return undefined
  for (const [file, pinned] of Object.entries(entry.files)) {
    if (isDeepStrictEqual(files[file], pinned)) continue
    const found = files[file]?.sha256 ?? 'nothing'
    return `${file} is not what the catalog pins: its SHA-256 is ${found}, not ${pinned.sha256}`
  }
  if (digest === entry.digest) return undefined
  return `the digest of the model is ${digest}, not the catalog's ${entry.digest}`
}
