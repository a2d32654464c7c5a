import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { complaintsOf, hasManifestTools } from '../kustomize/rendered.ts'
import { hasKubectl, linkPrograms } from './programs.ts'

const ROOT = join(import.meta.dirname, '../..')

/** A checkout with everything committed, as it lies here. */
let checkout: string
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@localhost', ...args], {
    cwd: checkout,
    encoding: 'utf8',
  })

/** As from a shell that finds kubectl alone, of what could render manifests. */
function deploy(...args: string[]) {
  return spawnSync(process.execPath, ['scripts/deploy/run.ts', ...args], {
    cwd: checkout,
    encoding: 'utf8',
    env: { PATH: join(checkout, 'node_modules/bin') },
  })
}

describe.skipIf(!hasKubectl)('a deployment', () => {
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
    linkPrograms(checkout)
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

  it('rejects uncommitted changes', () => {
    writeFileSync(join(checkout, 'app/new.ts'), '')
    const { status, stderr } = deploy('--dry-run')
    expect(status).toBe(1)
    expect(stderr).toContain('?? app/new.ts')
  })

  it('rejects the tag `latest`', () => {
    const { status, stderr } = deploy('--dry-run', '--tag', 'latest')
    expect(status).toBe(1)
    expect(stderr).toContain('`latest`')
  })

  it('rejects the example registry', () => {
    const { status, stderr } = deploy()
    expect(status).toBe(1)
    expect(stderr).toContain('kustomize/overlays/prod/kustomization.yaml')
  })

  it('shows every command, in order', () => {
    const image = `example.azurecr.io/polarity/project:${git('rev-parse', 'HEAD').slice(0, 12)}`
    const shown = deploy('--dry-run').stdout.split('\n')
    const apply =
      'kubectl apply --server-side --field-manager=polarity-deploy --force-conflicts --filename -'
    expect(shown.filter((line) => line.startsWith('$ ')).map(firstWords)).toEqual([
      '$ kubectl --namespace polarity get secret polarity-api-keys --output name',
      '$ az acr login --name example',
      '$ docker build --file Containerfile',
      `$ docker push ${image}`,
      `$ ${apply} # from: the namespace`,
      '$ kubectl --namespace polarity get secret polarity-redis || kubectl --namespace polarity create secret',
      `$ ${apply} # from: the manifests`,
      '$ kubectl --namespace polarity rollout status deployment/polarity',
      '$ npm run smoke -- https://polarity.example.com',
    ])
  })

  it('rejects an overlay without API keys, unless told that it is open', () => {
    change('kustomize/overlays/prod/kustomization.yaml', '  - ../../components/api-keys\n', '')
    const refused = deploy('--dry-run')
    const told = deploy('--dry-run', '--open')
    git('reset', '--quiet', '--hard', 'HEAD~1')
    expect(refused.status).toBe(1)
    expect(refused.stderr).toContain('has no API keys: add the component api-keys, or say --open')
    expect(told.stderr).toBe('')
    expect(told.stdout).not.toContain('polarity-api-keys')
  })

  it('needs an API key for its smoke test before it does anything', () => {
    const file = 'kustomize/overlays/prod/kustomization.yaml'
    change(file, 'host=polarity.example.com', 'host=polarity.somewhere.org')
    change(file, 'example.azurecr.io', 'registry.somewhere.org')
    const { status, stdout, stderr } = deploy()
    git('reset', '--quiet', '--hard', 'HEAD~2')
    expect(stderr).toContain('POLARITY_API_KEY')
    expect(stdout).toBe('')
    expect(status).toBe(1)
  })

  it('passes the file of an API key on to the smoke test', () => {
    const { stdout } = deploy('--dry-run', '--key-file', 'key.txt')
    expect(stdout).toMatch(/^\$ npm run smoke -- .* --key-file key\.txt$/m)
  })

  it('labels the image with its commit, and with no password', () => {
    const { stdout } = deploy('--dry-run')
    expect(stdout).toContain(`--build-arg REVISION=${git('rev-parse', 'HEAD').trim()}`)
    expect(stdout).toContain('--build-arg SOURCE=https://git.example.com/polarity.git')
    expect(stdout).not.toContain('somebody')
  })

  it('sends manifests with the image of that commit', () => {
    const manifests = sent()
    expect(manifests).toContain('image: example.azurecr.io/polarity/project:v1.2.3')
    expect(manifests).toContain('app.kubernetes.io/version: v1.2.3')
  })

  it.each([
    ['of digits, as text', '123456789012', 'v123456789012'],
    ['that reads as a power, as text', '12345e789012', 'v12345e789012'],
    ['that is too long, cut', `v${'1'.repeat(60)}--2`, `v${'1'.repeat(60)}`],
    ['that ends with a sign, without it', 'v1.2.3_', 'v1.2.3'],
  ])('makes a label of a tag %s', (_, tag, label) => {
    expect(sent(tag)).toContain(`app.kubernetes.io/version: ${label}\n`)
  })

  it('takes an overlay with a digest and a registry with a port', () => {
    const file = 'kustomize/overlays/prod/kustomization.yaml'
    const digest = `sha256:${'0123456789abcdef'.repeat(4)}`
    change(file, 'newTag: unset', `digest: ${digest}`)
    change(file, 'example.azurecr.io/', 'registry.example.org:5000/')
    const { stdout, stderr } = deploy('--dry-run', '--tag', 'v1.2.3')
    git('reset', '--quiet', '--hard', 'HEAD~2')
    expect(stderr).toBe('')
    expect(stdout).toContain('$ docker push registry.example.org:5000/polarity/project:v1.2.3\n')
    expect(stdout).not.toContain('az acr login')
    expect(stdout).not.toContain(digest)
  })

  it.skipIf(!hasManifestTools)('sends manifests that the schemas accept', () => {
    expect(complaintsOf(sent())).toBe('')
  })

  it('does not modify the checkout', () => {
    deploy('--dry-run')
    expect(git('status', '--porcelain')).toBe('')
  })
})

/** Up to its first option that has a long value. */
const firstWords = (line: string) => line.split(/ (?:--platform|generic|--timeout|--model)/)[0]

/** Changes a file of the checkout, and commits it. */
function change(file: string, from: string, to: string): void {
  const path = join(checkout, file)
  writeFileSync(path, readFileSync(path, 'utf8').replace(from, to))
  git('commit', '--quiet', '--all', '--message', 'a change')
}

/** The manifests that it would send. */
function sent(tag = 'v1.2.3'): string {
  const { stdout } = deploy('--dry-run', '--tag', tag)
  const shown = stdout.split('# from: the manifests\n')[1]?.split('\n$ ')[0] ?? ''
  return shown.replace(/^ {4}/gm, '')
}
