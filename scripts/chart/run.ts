// Writes what the Helm chart has from elsewhere: the objects and their changes from kustomize/, the version
// from package.json, the names of settings from app/config.ts. Needs `bash scripts/build-manifest-tools.sh`.
// `npm run chart`
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chartFiles } from './files.ts'

const ROOT = join(import.meta.dirname, '../..')
for (const [file, text] of Object.entries(chartFiles())) writeFileSync(join(ROOT, file), text)
