import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { allowed, readPackages } from '../../scripts/supply/packages.ts'

const ROOT = join(import.meta.dirname, '../..')
const GITLEAKS = join(ROOT, 'node_modules/.cache/gitleaks')
const hasGitleaks = existsSync(GITLEAKS)
if (!hasGitleaks) {
  process.stderr.write('No secrets are looked for: bash scripts/build-gitleaks.sh\n')
}

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'supply-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('a licence', () => {
  it.each(['MIT', 'Apache-2.0', '(MIT OR GPL-3.0-only)', 'MIT AND ISC'])(
    'is allowed: %s',
    (one) => {
      expect(allowed(one)).toBe(true)
    },
  )

  it.each([
    'none',
    'UNLICENSED',
    'GPL-3.0-only',
    'AGPL-3.0-or-later',
    'MIT AND LGPL-3.0-or-later',
    'SEE LICENSE IN LICENSE',
    '',
  ])('is not allowed: %s', (one) => {
    expect(allowed(one)).toBe(false)
  })
})

describe('the packages that the service needs', () => {
  it('all have a licence that is allowed', () => {
    const packages = readPackages()
    expect(packages.length).toBeGreaterThan(20)
    expect(packages.filter(({ licence }) => !allowed(licence))).toEqual([])
  })

  it('are those of the lockfile, without what only developers need', () => {
    const file = join(folder, 'package-lock.json')
    const packages = {
      '': { license: 'Apache-2.0' },
      'node_modules/a': { version: '1.0.0', license: 'GPL-2.0-only' },
      'node_modules/a/node_modules/@b/c': { version: '2.0.0' },
      'node_modules/tool': { version: '1.0.0', license: 'GPL-2.0-only', dev: true },
      'stubs/sharp': { version: '0.0.0' },
    }
    writeFileSync(file, JSON.stringify({ packages }))
    expect(readPackages(file)).toEqual([
      { name: 'a@1.0.0', licence: 'GPL-2.0-only' },
      { name: '@b/c@2.0.0', licence: 'none' },
    ])
  })
})

describe.skipIf(!hasGitleaks)('the search for secrets', () => {
  const search = (text: string) => {
    writeFileSync(join(folder, 'settings.ts'), text)
    const config = ['--config', join(ROOT, '.gitleaks.toml'), '--no-banner', '--redact']
    return spawnSync(GITLEAKS, ['dir', ...config, folder]).status
  }

  it('finds a key', () => {
    // In parts, so that this file has none.
    expect(search(`const token = '${'ghp'}_${'aB3dE6gH9jK2mN5pQ8sT1vW4xY7zC0fR2hL5'}'\n`)).toBe(1)
  })

  it('lets pass what only looks like one', () => {
    expect(search("const SECRET = 'S3cr3tOfNobody'\n")).toBe(0)
  })
})
