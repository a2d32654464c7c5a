import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const FILE = join(import.meta.dirname, '../../package.json')

/** The oldest Node that runs compiled files and all packages. */
const OLDEST_NODE = '>=20.19'

/** Builds of onnxruntime that go into the package, as PLATFORM-ARCHITECTURE. */
export const BUILDS = ['linux-x64', 'linux-arm64', 'darwin-arm64'] as const

export type Build = (typeof BUILDS)[number]

const Source = z.object({
  name: z.string(),
  version: z.string(),
  description: z.string(),
  license: z.string(),
})

/**
 * The package.json of the package. It asks for no other package and has no install script: all that it needs lies
 * in `lib/node_modules`, as the lockfile has it.
 */
export function toManifest(builds: readonly Build[]): object {
  const partsOf = (part: 0 | 1) => [...new Set(builds.map((build) => build.split('-')[part]))]
  return {
    ...Source.parse(JSON.parse(readFileSync(FILE, 'utf8'))),
    type: 'module',
    bin: { polarity: 'bin/polarity.js' },
    // A command and no library: nothing but this file may be imported.
    exports: { './package.json': './package.json' },
    engines: { node: OLDEST_NODE },
    os: partsOf(0),
    cpu: partsOf(1),
    // Read by bin/polarity.js: `os` and `cpu` allow every pair.
    builds,
  }
}
