// Lists the licences of everything that the service needs to run, and refuses one that is not allowed: `npm run licences`.

import { allowed, readPackages } from './packages.ts'

const packages = readPackages()
const byLicence = Map.groupBy(packages, ({ licence }) => licence)
for (const [licence, list] of [...byLicence].sort(([, a], [, b]) => b.length - a.length))
  process.stdout.write(`${String(list.length).padStart(4)}  ${licence}\n`)

const refused = packages.filter(({ licence }) => !allowed(licence))
for (const { name, licence } of refused)
  process.stderr.write(`not allowed: ${name} is under ${licence}\n`)
process.stdout.write(`${packages.length} packages, ${refused.length} not allowed\n`)
process.exitCode = refused.length === 0 ? 0 : 1
