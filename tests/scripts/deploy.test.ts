import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { complaintsOf, hasManifestTools } from '../kustomize/rendered.ts'
import { Checkout } from './checkout.ts'
import { hasKubectl } from './programs.ts'

let checkout: Checkout
/** Of a model that a test's catalog need not lock. */
const deploy = (...args: string[]) => checkout.run('scripts/deploy/run.ts', '--unlocked', ...args)

describe.skipIf(!hasKubectl)('a deployment', () => {
  beforeAll(() => {
    checkout = new Checkout()
  })
  afterAll(() => checkout.remove())
  afterEach(() => checkout.reset())

  it('rejects uncommitted changes', () => {
    writeFileSync(join(checkout.folder, 'app/new.ts'), '')
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
    const image = `example.azurecr.io/polarity/project:${checkout.git('rev-parse', 'HEAD').slice(0, 12)}`
    const shown = deploy('--dry-run').stdout.split('\n')
    const options = '--field-manager=polarity-deploy --force-conflicts --filename -'
    const apply = `kubectl apply --server-side ${options}`
    const inNamespace = 'kubectl --namespace polarity'
    expect(shown.filter((line) => line.startsWith('$ ')).map(firstWords)).toEqual([
      '$ kubectl api-resources --no-headers',
      `$ ${inNamespace} get secret polarity-api-keys --output name`,
      '$ kubectl get mutatingwebhookconfigurations --selector istio.io/rev --output json',
      '$ kubectl get nodes --output json',
      '$ kubectl get pods --all-namespaces --output json',
      '$ kubectl get namespace polarity --ignore-not-found --output name',
      `$ kubectl apply --server-side --dry-run=server ${options} # from: the manifests; if the namespace is there`,
      '$ az acr login --name example',
      '$ docker build --file Containerfile',
      `$ docker push ${image}`,
      `$ ${apply} # from: the namespace`,
      `$ ${inNamespace} get secret polarity-redis || ${inNamespace} create --filename - # from: a Secret of 24 random bytes in hex`,
      `$ ${inNamespace} get secret polarity-redis --output 'jsonpath={.metadata.uid}.{.metadata.resourceVersion}'`,
      `$ ${apply} # from: the manifests`,
      `$ ${inNamespace} rollout status deployment/polarity`,
      '$ kubectl --namespace aks-istio-ingress wait certificate/polarity --for=condition=Ready',
      '$ npm run smoke -- https://polarity.example.com',
      `$ ${inNamespace} get replicasets --output json`,
      '$ kubectl get configmap,secret,service',
      '$ kubectl delete --ignore-not-found --wait=false --filename - # from: what has left the overlay; if something has left the overlay',
    ])
  })

  it('gives kubectl options that it knows', () => {
    const { stdout } = deploy('--dry-run', '--context', 'somewhere')
    const commands = [...stdout.matchAll(/^\$ (kubectl .*?)(?: \|\| .*?)?(?: # .*)?$/gm)]
    expect(commands.length).toBeGreaterThan(10)
    for (const [, command = ''] of commands) {
      const [file = '', ...args] = command.replaceAll("'", '').split(' ')
      const { status, stderr } = spawnSync(file, [...args, '--help'], { encoding: 'utf8' })
      expect({ command, status, stderr }).toEqual({ command, status: 0, stderr: '' })
    }
  })

  it('rejects an overlay without API keys, unless told that it is open', () => {
    checkout.change(
      'kustomize/overlays/prod/kustomization.yaml',
      '  - ../../components/api-keys\n',
      '',
    )
    const refused = deploy('--dry-run')
    const told = deploy('--dry-run', '--open')
    expect(refused.status).toBe(1)
    expect(refused.stderr).toContain('has no API keys: add the component api-keys, or say --open')
    expect(told.stderr).toBe('')
    expect(told.stdout).not.toContain('secretName: polarity-api-keys')
  })

  it('rejects a model that the catalog does not lock, unless told or built already', () => {
    const refused = checkout.run('scripts/deploy/run.ts', '--dry-run')
    expect(refused.status).toBe(1)
    expect(refused.stderr).toContain('the catalog does not lock distilbert-sst2: lock it as model')
    checkout.change('kustomize/overlays/prod/kustomization.yaml', 'distilbert-sst2', 'sst2-minilm')
    const locked = checkout.run('scripts/deploy/run.ts', '--dry-run').stdout
    expect(locked).toMatch(/--build-arg MODEL_DIGEST=[0-9a-f]{64} /)
    const built = checkout.run('scripts/deploy/run.ts', '--dry-run', '--rollback', 'v1')
    expect(built.status).toBe(0)
  })

  it('builds a second model into the image for a shadow, if it is locked too', () => {
    const file = 'kustomize/overlays/prod/kustomization.yaml'
    const models = 'MODEL=sst2-minilm\n      - SHADOW_MODEL=sst2-minilm'
    checkout.change(file, 'MODEL=distilbert-sst2', models)
    const locked = checkout.run('scripts/deploy/run.ts', '--dry-run')
    expect(locked.stdout).toContain('--build-arg SHADOW_MODEL=sst2-minilm ')
    checkout.change(file, 'SHADOW_MODEL=sst2-minilm', 'SHADOW_MODEL=distilbert-sst2')
    const refused = checkout.run('scripts/deploy/run.ts', '--dry-run')
    expect(refused.stderr).toContain('the catalog does not lock distilbert-sst2')
  })

  it('needs an API key for its smoke test before it does anything', () => {
    const file = 'kustomize/overlays/prod/kustomization.yaml'
    checkout.change(file, 'host=polarity.example.com', 'host=polarity.somewhere.org')
    checkout.change(file, 'example.azurecr.io', 'registry.somewhere.org')
    const { status, stdout, stderr } = deploy()
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
    expect(stdout).toContain(`--build-arg REVISION=${checkout.git('rev-parse', 'HEAD').trim()}`)
    expect(stdout).toContain('--build-arg SOURCE=https://git.example.com/polarity.git')
    expect(stdout).not.toContain('somebody:secret')
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
    checkout.change(file, 'newTag: unset', `digest: ${digest}`)
    checkout.change(file, 'example.azurecr.io/', 'registry.example.org:5000/')
    const { stdout, stderr } = deploy('--dry-run', '--tag', 'v1.2.3')
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
    expect(checkout.git('status', '--porcelain')).toBe('')
  })
})

/** Up to its first option that has a long value. */
const firstWords = (line: string) =>
  line.split(/ (?:--platform|generic|--timeout|--model)|,serviceaccount/)[0]

/** The manifests that it would send. */
function sent(tag = 'v1.2.3'): string {
  const { stdout } = deploy('--dry-run', '--tag', tag)
  const shown = stdout.split('# from: the manifests\n').at(-1)?.split('\n$ ')[0] ?? ''
  return shown.replace(/^ {4}/gm, '')
}
