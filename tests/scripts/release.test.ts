import { execFileSync, spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import lockfile from '../../package-lock.json' with { type: 'json' }

const ROOT = join(import.meta.dirname, '../..')
const { version } = manifest

const CHANGELOG = `# Changelog

## [${version}] - 2026-01-31

### Added

- A thing.

## [0.0.1] - 2026-01-01

The first.
`

describe('the check before a release', () => {
  let checkout: string
  beforeEach(() => {
    checkout = mkdtempSync(join(tmpdir(), 'polarity-release-'))
    mkdirSync(join(checkout, 'docs'))
    for (const file of ['package.json', 'package-lock.json', 'docs/releasing.md']) {
      cpSync(join(ROOT, file), join(checkout, file))
    }
    for (const folder of ['scripts/release', 'scripts/supply']) {
      cpSync(join(ROOT, folder), join(checkout, folder), { recursive: true })
    }
    cpSync(join(ROOT, 'kustomize/overlays'), join(checkout, 'kustomize'), { recursive: true })
    symlinkSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'))
    write('.gitignore', 'node_modules\n')
    write('README.md', `docker pull registry.example/polarity:${version}\n`)
    write('compose.yaml', 'services: {}\n')
    write('CHANGELOG.md', CHANGELOG)
    git('init', '--quiet')
    commit()
  })
  afterEach(() => rmSync(checkout, { recursive: true }))

  const write = (file: string, text: string) => writeFileSync(join(checkout, file), text)
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@localhost', ...args], {
      cwd: checkout,
      encoding: 'utf8',
    })
  const commit = () => {
    git('add', '--all')
    git('commit', '--quiet', '--allow-empty', '--message', 'all of it')
  }
  const check = () =>
    spawnSync(process.execPath, ['scripts/release/run.ts'], { cwd: checkout, encoding: 'utf8' })

  /** Replaces a part of the change log, which must be there. */
  function edit(from: string | RegExp, to: string): void {
    const edited = CHANGELOG.replace(from, to)
    expect(edited).not.toBe(CHANGELOG)
    write('CHANGELOG.md', edited)
    commit()
  }

  it('prints what is left to do by hand, with the version', () => {
    const { status, stdout } = check()
    expect(stdout).toContain(`ok: ${version} can be released`)
    expect(stdout).toContain(`VERSION=${version} `)
    expect(stdout).toContain('cosign sign')
    expect(status).toBe(0)
  })

  const undated = 'expected "[X.Y.Z] - YYYY-MM-DD"'
  it.each([
    { what: 'a section without a date', from: / - 2026-01-31/, to: '', problem: undated },
    {
      what: 'an unreleased section',
      from: /## \[0\.0\.1\].*/,
      to: '## Unreleased',
      problem: undated,
    },
    {
      what: 'a date in the future',
      from: '2026-01-31',
      to: '9999-01-31',
      problem: 'is in the future',
    },
    { what: 'a section without lines', from: 'The first.', to: '', problem: 'is empty' },
    { what: 'a kind without lines', from: '- A thing.', to: '', problem: 'Added is empty' },
    { what: 'an unknown kind', from: '# Added', to: '# Misc', problem: 'Misc is not one of' },
    { what: 'a placeholder', from: 'The first.', to: '<!-- more -->', problem: 'holds a comment' },
    { what: 'another version first', from: `[${version}]`, to: '[0.0.2]', problem: 'not begin' },
  ])('refuses a change log with $what', ({ from, to, problem }) => {
    edit(from, to)
    const { status, stderr } = check()
    expect(stderr).toContain(problem)
    expect(status).toBe(1)
  })

  it('refuses a lockfile of another version', () => {
    write('package-lock.json', JSON.stringify({ ...lockfile, version: '0.0.1' }))
    commit()
    expect(check().stderr).toContain(`package-lock.json has 0.0.1,${version}`)
  })

  it('refuses a version with a suffix', () => {
    write('package.json', JSON.stringify({ ...manifest, version: `${version}-rc.1` }))
    commit()
    expect(check().stderr).toContain(`${version}-rc.1 is not a release version`)
  })

  it.each([
    ['README.md', 'docker pull registry.example/polarity:0.0.1\n'],
    ['compose.yaml', 'services: {polarity: {image: "project:v0.0.1"}}\n'],
    ['kustomize/kustomization.yaml', 'images:\n  - name: project\n    newTag: 0.0.1\n'],
  ])('refuses another image in %s', (file, text) => {
    write(file, text)
    commit()
    expect(check().stderr).toContain(`${file}: image tag is 0.0.1`)
  })

  it('refuses an image of others that any later one may take the place of', () => {
    write('Containerfile', 'FROM registry.example/library/node:1.2.3 AS debian\n')
    commit()
    expect(check().stderr).toContain(
      'Containerfile: registry.example/library/node:1.2.3 has no digest',
    )
  })

  it('refuses what is not committed', () => {
    write('new.txt', '')
    expect(check().stderr).toContain('?? new.txt')
  })

  it('refuses a version that has its tag', () => {
    git('tag', `v${version}`)
    expect(check().stderr).toContain(`tag v${version} already exists`)
  })
})

it('this version is one in the lockfile and the change log', () => {
  expect([lockfile.version, lockfile.packages[''].version]).toEqual([version, version])
  const changelog = readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8')
  expect(changelog).toContain(`\n## [${version}] - 20`)
})
