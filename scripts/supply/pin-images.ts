// Pins every image of others by the digest that its tag has now: `npm run images:pin`. Needs docker with
// buildx, and a way to the registries.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { imageFiles, imagesIn, withDigests } from './images.ts'

const ROOT = join(import.meta.dirname, '../..')

/** Of the index, which all architectures share. Throws with what docker says. */
function lookUp(name: string): string {
  const args = ['buildx', 'imagetools', 'inspect', name, '--format', '{{.Manifest.Digest}}']
  const { error, status, stdout, stderr } = spawnSync('docker', args, { encoding: 'utf8' })
  if (error) throw new Error(`docker can't be started: ${error.message}`, { cause: error })
  const digest = stdout.trim()
  if (status === 0 && /^sha256:[\da-f]{64}$/.test(digest)) return digest
  throw new Error(`${name}: ${stderr.trim() || digest}`)
}

function pin(): void {
  const files = imageFiles(ROOT).map((file) => ({
    file: join(ROOT, file),
    text: readFileSync(join(ROOT, file), 'utf8'),
  }))
  const images = files.flatMap(({ text }) => imagesIn(text))
  const known = new Map(images.map(({ name, digest }) => [name, digest]))
  // All are looked up before any file is written.
  const found = new Map([...known.keys()].map((name) => [name, lookUp(name)]))
  for (const [name, digest] of found) {
    const change = known.get(name) === digest ? 'as before' : 'new'
    process.stdout.write(`${name}@${digest} (${change})\n`)
  }
  for (const { file, text } of files) {
    const pinned = withDigests(text, (name) => found.get(name) ?? '')
    if (pinned !== text) writeFileSync(file, pinned)
  }
}

try {
  pin()
} catch (error) {
  process.stderr.write(`images:pin: ${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}
