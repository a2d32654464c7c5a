// Run after `npm install` changed package-lock.json. If a registry mirror lacks the builds for other
// platforms, npm omits them from the lockfile, or their hash and platform: `npm ci` then rejects
// the lockfile, or installs a build that can't run. Adds what is missing from the registry, one
// package at a time, and fails if the registry lacks one.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'

// The fields that npm copies into a lockfile.
const FIELDS = ['cpu', 'engines', 'libc', 'license', 'os']

const file = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(file, 'utf8'))

/** The registry's entry of one version: its hash and platforms. */
function fromRegistry(name, version) {
  const shell = process.platform === 'win32'
  const text = execFileSync('npm', ['view', `${name}@${version}`, '--json'], {
    encoding: 'utf8',
    shell,
  })
  const { dist, ...manifest } = JSON.parse(text)
  if (!dist?.integrity) throw new Error(`${name}@${version}: the registry has no hash for it`)
  const known = FIELDS.filter((field) => manifest[field] !== undefined)
  return {
    version,
    integrity: dist.integrity,
    ...Object.fromEntries(known.map((field) => [field, manifest[field]])),
  }
}

/** Lockfile entries for a package's optional dependencies that the lockfile lacks. */
function absent([path, { optionalDependencies = {}, dev }]) {
  const isThere = (name) =>
    [`node_modules/${name}`, `${path}/node_modules/${name}`].some((place) => lock.packages[place])
  return Object.entries(optionalDependencies)
    .filter(([name, version]) => path !== '' && /^\d/.test(version) && !isThere(name))
    .map(([name, version]) => [
      `node_modules/${name}`,
      { version, ...(dev && { dev }), optional: true },
    ])
}

Object.assign(lock.packages, Object.fromEntries(Object.entries(lock.packages).flatMap(absent)))

for (const [path, entry] of Object.entries(lock.packages)) {
  const isOurs = !path.includes('node_modules/') || entry.link
  if (isOurs || entry.integrity) continue
  const name = entry.name ?? path.split('node_modules/').at(-1)
  lock.packages[path] = { ...entry, ...fromRegistry(name, entry.version) }
  process.stdout.write(`completed ${name}@${entry.version}\n`)
}

const packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)),
)
writeFileSync(file, `${JSON.stringify({ ...lock, packages }, null, 2)}\n`)
