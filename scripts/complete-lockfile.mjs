// Run after `npm install` changed package-lock.json. Where a registry mirror lacked other platforms'
// builds of a package, npm leaves them out of the lockfile, or without the hash and the platform
// that `npm ci` reads there: it then refuses the lockfile, or installs a build that can't run. Asks
// the registry for what is missing, package by package, and fails where it does not know one.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'

// As npm itself writes them into a lockfile.
const FIELDS = ['cpu', 'engines', 'libc', 'license', 'os']

const file = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(file, 'utf8'))

/** What the registry says of one version: its hash and the platforms that it is for. */
function fromRegistry(name, version) {
  const shell = process.platform === 'win32'
  const text = execFileSync('npm', ['view', `${name}@${version}`, '--json'], {
    encoding: 'utf8',
    shell,
  })
  const { dist, ...manifest } = JSON.parse(text)
  if (!dist?.integrity) throw new Error(`${name}@${version}: the registry has no hash of it`)
  const known = FIELDS.filter((field) => manifest[field] !== undefined)
  return {
    version,
    integrity: dist.integrity,
    ...Object.fromEntries(known.map((field) => [field, manifest[field]])),
  }
}

/** A package's optional dependencies that stand nowhere in the lockfile, as entries of it. */
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
  const isFolderOfOurs = !path.includes('node_modules/') || entry.link
  if (isFolderOfOurs || entry.integrity) continue
  const name = entry.name ?? path.split('node_modules/').at(-1)
  lock.packages[path] = { ...entry, ...fromRegistry(name, entry.version) }
  process.stdout.write(`completed ${name}@${entry.version}\n`)
}

const packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)),
)
writeFileSync(file, `${JSON.stringify({ ...lock, packages }, null, 2)}\n`)
