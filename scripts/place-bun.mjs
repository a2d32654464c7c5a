// npm installs this project without install scripts (see .npmrc), so the `bun` package still holds
// a stub in place of its binary. Runs the package's own script once, where that is so.
import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = new URL('../node_modules/bun/', import.meta.url)
const { bin } = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8'))
const STUB_BYTES = 4096

if (statSync(new URL(bin.bun, folder)).size < STUB_BYTES) {
  const script = fileURLToPath(new URL('install.js', folder))
  execFileSync(process.execPath, [script], { cwd: fileURLToPath(folder), stdio: 'inherit' })
}
