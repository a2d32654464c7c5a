// Builds the package behind `npx polarity` and packs it: `npm run pack`, a step of docs/releasing.md.

import { parseArgs } from 'node:util'
import { buildPackage } from './build.ts'
import { BUILDS } from './manifest.ts'
import { packFolder } from './tarball.ts'

const USAGE = `npm run pack -- [options]

Compiles the command, and packs it into one file with its model and all packages that it needs.

  --for BUILD   may be repeated; all if left out: ${BUILDS.join(', ')}
  --out FOLDER  where the file goes (default: dist)
`

const { values } = parseArgs({
  options: {
    for: { type: 'string', multiple: true, default: [...BUILDS] },
    out: { type: 'string', default: 'dist' },
    help: { type: 'boolean', default: false },
  },
})
const builds = BUILDS.filter((build) => values.for.includes(build))
if (values.help || values.for.some((name) => !builds.some((build) => build === name))) {
  process.stdout.write(USAGE)
  process.exit(values.help ? 0 : 2)
}

const folder = `${values.out}/package`
buildPackage(folder, builds)
const { file, bytes, unpackedBytes, paths } = packFolder(folder, values.out)
process.stdout.write(
  `${file}: ${megabytes(bytes)}; installed ${megabytes(unpackedBytes)} in ${paths.length} files, for ${builds.join(', ')}\n`,
)

function megabytes(count: number): string {
  return `${(count / 1e6).toFixed(1)} MB`
}
