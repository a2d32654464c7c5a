import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const ROOT = join(import.meta.dirname, '../..')

/** Licences that ask for no more than their text and notices. No copyleft is among them. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Unlicense',
])

const Entry = z.object({
  version: z.string().optional(),
  license: z.string().optional(),
  dev: z.boolean().default(false),
  link: z.boolean().default(false),
  resolved: z.string().default(''),
})
const Lockfile = z.object({ packages: z.record(z.string(), Entry) })

interface Package {
  readonly name: string
  /** An SPDX expression; `none` if the package states none. */
  readonly licence: string
}

/**
 * Whether a licence, or one that may be chosen of several, is allowed. What is more than a list of
 * alternatives or of parts is not understood, and refused.
 */
export const allowed = (licence: string): boolean => {
  const text = licence.replace(/^\((.*)\)$/, '$1')
  if (text.includes(' OR ')) return text.split(' OR ').some((one) => ALLOWED.has(one))
  return text.split(' AND ').every((one) => ALLOWED.has(one))
}

/** Everything of the lockfile that the service needs to run, but for this repository's own stubs. */
export function readPackages(lockfile = join(ROOT, 'package-lock.json')): Package[] {
  const { packages } = Lockfile.parse(JSON.parse(readFileSync(lockfile, 'utf8')))
  return Object.entries(packages)
    .filter(([path, { dev, link, resolved }]) => isForeign(path, resolved) && !dev && !link)
    .map(([path, { license, version }]) => ({
      name: `${path.replace(/^.*node_modules\//, '')}@${version}`,
      licence: license ?? statedIn(path),
    }))
}

const isForeign = (path: string, resolved: string) =>
  path.includes('node_modules/') && !resolved.startsWith('file:')

/** A lockfile may leave out what the package itself states. */
function statedIn(path: string): string {
  const file = join(ROOT, path, 'package.json')
  if (!existsSync(file)) return 'none'
  const { license } = z
    .object({ license: z.string().default('none') })
    .parse(JSON.parse(readFileSync(file, 'utf8')))
  return license
}
