import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const GENERATED = join(ROOT, 'app/http/grpc/generated')

const hasTools = (() => {
  if (existsSync(join(ROOT, 'node_modules/.cache/protos/packages'))) return true
  const how = 'bash scripts/build-proto-tools.sh'
  process.stderr.write(`The test of generated code is skipped: ${how}\n`)
  return false
})()

const filesIn = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  )

it.skipIf(!hasTools)('the code of gRPC’s messages is what their definitions give', () => {
  const folder = mkdtempSync(join(tmpdir(), 'protos-'))
  try {
    const { status, stderr } = spawnSync('bash', [join(ROOT, 'scripts/protos.sh'), folder], {
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(filesIn(GENERATED)).toEqual(filesIn(folder))
  } finally {
    rmSync(folder, { recursive: true })
  }
})
