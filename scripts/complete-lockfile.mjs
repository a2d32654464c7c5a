// Run after `npm install` changed package-lock.json. A registry mirror may lack other platforms'
// builds of a package; npm then leaves them out of the lockfile, and `npm ci` refuses it everywhere.
// Adds an entry for each, with the platform that its name tells, so that it is skipped or fetched
// by its exact version.
import { readFileSync, writeFileSync } from 'node:fs'

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32']
const PROCESSORS = ['arm', 'arm64', 'ia32', 'ppc64', 'riscv64', 's390x', 'x64']

const file = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(file, 'utf8'))

for (const [path, parent] of Object.entries(lock.packages)) {
  if (path === '') continue
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const isThere = [`node_modules/${name}`, `${path}/node_modules/${name}`].some(
      (p) => lock.packages[p],
    )
    if (isThere || !/^\d/.test(version)) continue
    const words = name.split('/').at(-1).split('-')
    const os = SYSTEMS.filter((system) => words.includes(system))
    const cpu = PROCESSORS.filter((processor) => words.includes(processor))
    if (os.length === 0) throw new Error(`${name}: no platform in its name`)
    lock.packages[`node_modules/${name}`] = {
      version,
      cpu,
      ...(parent.dev && { dev: true }),
      optional: true,
      os,
    }
    process.stdout.write(`added ${name}@${version}\n`)
  }
}

const packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)),
)
writeFileSync(file, `${JSON.stringify({ ...lock, packages }, null, 2)}\n`)
