// Writes names of an environment into production's overlay: `node scripts/azure/place.ts --host NAME ...`

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const FILE = join(import.meta.dirname, '../../kustomize/overlays/prod/kustomization.yaml')

/** Each option with the line that it changes, and what stands there then. */
const LINES = {
  host: [/(?<=- host=).*/, (host: string) => host],
  revision: [/(?<=- revision=).*/, (revision: string) => revision],
  registry: [/(?<=newName: ).*/, (registry: string) => `${registry}/polarity/project`],
  'azure-redis': [/(?<=components\/)redis$/m, () => 'azure-redis'],
} as const

const { values } = parseArgs({
  options: {
    host: { type: 'string' },
    revision: { type: 'string' },
    registry: { type: 'string' },
    'azure-redis': { type: 'boolean' },
  },
})

let text = readFileSync(FILE, 'utf8')
for (const [name, value] of Object.entries(values)) {
  const [, [line, written] = []] = Object.entries(LINES).find(([known]) => known === name) ?? []
  if (line && written) text = text.replace(line, written(`${value}`))
}
writeFileSync(FILE, text)
process.stdout.write('kustomize/overlays/prod/kustomization.yaml is written: commit it\n')
