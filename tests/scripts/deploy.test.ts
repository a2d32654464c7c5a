import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { complaintsOf, hasManifestTools } from '../kustomize/rendered.ts'

const ROOT = join(import.meta.dirname, '../..')

/** A checkout with everything committed, as it lies here. */
let checkout: string
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@localhost', ...args], {
    cwd: checkout,
    encoding: 'utf8',
  })

function deploy(...args: string[]) {
  return spawnSync(process.execPath, ['scripts/deploy/run.ts', ...args], {
    cwd: checkout,
    encoding: 'utf8',
  })
}

describe.skipIf(!hasManifestTools)('a deployment', () => {
  beforeAll(() => {
    checkout = mkdtempSync(join(tmpdir(), 'polarity-checkout-'))
    const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    const wanted = /^(app|kustomize|model\/[^/]+$|observability|package\.json|scripts|tsconfig)/
    for (const file of listed.split('\n').filter((name) => wanted.test(name))) {
      mkdirSync(dirname(join(checkout, file)), { recursive: true })
      cpSync(join(ROOT, file), join(checkout, file))
    }
    symlinkSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'))
    writeFileSync(join(checkout, '.gitignore'), 'node_modules\n')
    git('init', '--quiet')
    git('add', '--all')
    git('commit', '--quiet', '--message', 'as it lies here')
    git('remote', 'add', 'origin', 'https://somebody:secret@git.example.com/polarity.git')
  })
  afterAll(() => rmSync(checkout, { recursive: true }))
  afterEach(() => {
    git('reset', '--quiet', '--hard')
    git('clean', '--quiet', '--force')
  })

  it('refuses what is not committed', () => {
    writeFileSync(join(checkout, 'app/new.ts'), '')
    const { status, stderr } = deploy('--dry-run')
    expect(status).toBe(1)
    expect(stderr).toContain('?? app/new.ts')
  })

  it('refuses the tag `latest`', () => {
    const { status, stderr } = deploy('--dry-run', '--tag', 'latest')
    expect(status).toBe(1)
    expect(stderr).toContain('`latest`')
  })

  it('refuses a registry that is nobody’s', () => {
    const { status, stderr } = deploy()
    expect(status).toBe(1)
    expect(stderr).toContain('kustomize/overlays/prod/kustomization.yaml')
  })

  it('shows every command of the way, in order', () => {
    const image = `example.azurecr.io/polarity/project:${git('rev-parse', 'HEAD').slice(0, 12)}`
    const shown = deploy('--dry-run').stdout.split('\n')
    expect(shown.filter((line) => line.startsWith('$ ')).map(firstWords)).toEqual([
      '$ az acr login --name example',
      '$ docker build --file Containerfile',
      `$ docker push ${image}`,
      '$ kubectl apply --server-side --filename - # from: the namespace',
      '$ kubectl --namespace polarity get secret polarity-redis || kubectl --namespace polarity create secret',
      '$ kubectl apply --server-side --filename - # from: the manifests',
      '$ kubectl --namespace polarity rollout status deployment/polarity',
      '$ npm run smoke -- https://polarity.example.com',
    ])
  })

  it('labels the image with its commit, and with no password', () => {
    const { stdout } = deploy('--dry-run')
    expect(stdout).toContain(`--build-arg REVISION=${git('rev-parse', 'HEAD').trim()}`)
    expect(stdout).toContain('--build-arg SOURCE=https://git.example.com/polarity.git')
    expect(stdout).not.toContain('somebody')
  })

  it('sends manifests with the image of that commit, which the schemas accept', () => {
    const { stdout } = deploy('--dry-run', '--tag', 'v1.2.3')
    const shown = stdout.split('# from: the manifests\n')[1]?.split('\n$ ')[0] ?? ''
    const manifests = shown.replace(/^ {4}/gm, '')
    expect(manifests).toContain('image: example.azurecr.io/polarity/project:v1.2.3')
    expect(manifests).toContain('app.kubernetes.io/version: v1.2.3')
    expect(complaintsOf(manifests)).toBe('')
  })

  it('leaves the checkout as it was', () => {
    deploy('--dry-run')
    expect(git('status', '--porcelain')).toBe('')
  })
})

/** Up to its first option that has a long value. */
const firstWords = (line: string) => line.split(/ (?:--platform|generic|--timeout|--model)/)[0]
