import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { KINDS } from '../../scripts/deploy/prune.ts'
import { hasManifestTools, OVERLAYS, type Overlay, render } from '../kustomize/rendered.ts'
import { Checkout } from './checkout.ts'
import { DIGEST, except, HEALTHY, listOf } from './cluster.ts'
import { hasKubectl } from './programs.ts'
import type { Answer } from './stub-program.ts'

const KSERVE = 'kustomize/overlays/kserve'
const IMAGE = 'registry.somewhere.org/polarity/project'

let checkout: Checkout

function deploy(answers: readonly Answer[], ...args: string[]) {
  const env = { POLARITY_API_KEY: 'a-key' }
  return checkout.runStubbed('scripts/deploy/run.ts', args, { answers, env })
}

/** What lists the objects of earlier deployments. */
const LIST = 'kubectl get [^ ]+ --all-namespaces --selector .*'
const object = (kind: string, name: string, more: object = {}) => ({
  ...{ apiVersion: 'v1', kind },
  metadata: { name, namespace: 'polarity', ...more },
})

/** The names of what a deployment deletes, where the cluster has these of its objects. */
function deleted(objects: readonly object[], ...answers: Answer[]): string[] {
  const there = { to: LIST, stdout: listOf(...objects) }
  const remove = { to: 'kubectl delete --ignore-not-found --wait=false --filename -' }
  const { calls } = deploy(except(...answers, there, remove), '--rollback', 'v1')
  const input = calls.find(({ command }) => command.startsWith('kubectl delete'))?.input
  const list: ReturnType<typeof object>[] = input ? JSON.parse(input).items : []
  return list.map(({ kind, metadata }) => `${metadata.namespace}/${kind}/${metadata.name}`)
}

describe.skipIf(!hasKubectl)('a deployment', () => {
  beforeAll(() => {
    checkout = Checkout.withPlaces()
  })
  afterAll(() => checkout.remove())
  afterEach(() => checkout.reset())

  it('removes what has left the overlay, and nothing else', () => {
    const there = [
      object('ConfigMap', 'polarity-old'),
      object('ConfigMap', 'polarity-of-an-older-version'),
      object('Service', 'polarity'),
      object('ServiceAccount', 'polarity-redis'),
      object('EndpointSlice', 'polarity-abc', { ownerReferences: [{}] }),
    ]
    const history = [
      { spec: { template: { configMapRef: { name: 'polarity-of-an-older-version' } } } },
    ]
    const list = { to: 'kubectl .* get replicasets --output json', stdout: listOf(...history) }
    expect(deleted(there, list)).toEqual(['polarity/ConfigMap/polarity-old'])
  })

  it('removes what has left the namespace of the gateway', () => {
    const certificate = object('Certificate', 'older', { namespace: 'aks-istio-ingress' })
    const there = [{ ...certificate, apiVersion: 'cert-manager.io/v1' }]
    expect(deleted(there)).toEqual(['aks-istio-ingress/Certificate/older'])
  })

  it('takes an object for the same in another version of its kind', () => {
    const service = object('HorizontalPodAutoscaler', 'polarity')
    expect(deleted([{ ...service, apiVersion: 'autoscaling/v1' }])).toEqual([])
  })

  it('removes nothing before the new version has answered', () => {
    const fails = { to: 'npm run smoke .*', status: 1 }
    expect(deleted([object('ConfigMap', 'polarity-old')], fails)).toEqual([])
  })

  it('looks for its own objects, of kinds that the cluster has', () => {
    const { calls, commands } = deploy(HEALTHY, '--rollback', 'v1')
    const listing = commands.find((command) => new RegExp(LIST).test(command))
    const labels =
      'app.kubernetes.io/managed-by=polarity-deploy,app.kubernetes.io/instance=polarity'
    expect(listing).toContain(`--selector ${labels}`)
    expect(listing).toContain('gateways.networking.istio.io,')
    const sent = calls.findLast(({ command }) => command.startsWith('kubectl apply'))?.input ?? ''
    const objects = sent.split('---\n').filter((each) => !each.includes('kind: Namespace'))
    for (const each of objects) {
      expect(each).toContain('    app.kubernetes.io/managed-by: polarity-deploy\n')
      expect(each).toContain('    app.kubernetes.io/instance: polarity\n')
    }
  })

  it.skipIf(!hasManifestTools)('knows every kind that the manifests have', () => {
    const overlays = Object.keys(OVERLAYS) as Overlay[]
    const kinds = overlays.flatMap(render).map(({ apiVersion, kind }) => {
      const [group, version] = apiVersion.split('/')
      return `${kind}.${version ? group : ''}`
    })
    const others = new Set(kinds.filter((kind) => !KINDS.includes(kind)))
    expect([...others]).toEqual(['Namespace.'])
  })

  it('goes back to an image of the registry with kubectl alone, and by its digest if it ran here', () => {
    writeFileSync(join(checkout.folder, 'app/new.ts'), 'not committed')
    const list = 'kubectl .* get replicasets --output jsonpath.*'
    const ran = `${IMAGE}:v2@sha256:12 ${IMAGE}:v1@${DIGEST} redis:7`
    const { status, calls, commands } = deploy(
      except({ to: list, stdout: ran }),
      '--rollback',
      'v1',
    )
    expect(status).toBe(0)
    const programs = new Set(commands.map((command) => command.split(' ')[0]))
    expect([...programs]).toEqual(['kubectl', 'npm'])
    const sent = calls.findLast(({ command }) => command.startsWith('kubectl apply'))?.input
    expect(sent).toContain(`image: ${IMAGE}:v1@${DIGEST}\n`)
    expect(sent).toContain('app.kubernetes.io/version: v1\n')
  })

  it('goes back to an image that has not run here by its tag', () => {
    const { calls } = deploy(HEALTHY, '--rollback', 'v1')
    const sent = calls.findLast(({ command }) => command.startsWith('kubectl apply'))?.input
    expect(sent).toContain(`image: ${IMAGE}:v1\n`)
  })

  it.each([
    ['two tags', ['--rollback', 'v1', '--tag', 'v2'], '--rollback names the tag already'],
    ['no tag', ['--rollback', 'sha256:12'], 'is no tag of an image'],
  ])('rejects %s to go back to', (_, args, says) => {
    const { status, stderr, commands } = deploy(HEALTHY, ...args)
    expect(status).toBe(1)
    expect(stderr).toContain(says)
    expect(commands).toEqual([])
  })

  it("waits for KServe's Deployment to have the image", () => {
    const text = `namespace: polarity
resources: [../../base]
components: [../../components/kserve, ../../components/redis, ../../components/api-keys]
images: [{ name: project, newName: ${IMAGE}, newTag: unset }]
patches:
  - target: { kind: ServingRuntime }
    patch: '[{"op":"add","path":"/spec/containers/0/env/-","value":{"name":"MODEL","value":"sst2-minilm"}}]'
`
    checkout.change(`${KSERVE}/kustomization.yaml`, '', text)
    const { status, stderr, stdout, commands } = deploy(HEALTHY, '--overlay', KSERVE, '--tag', 'v1')
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(commands.filter((command) => / (wait|rollout) /.test(command))).toEqual([
      'kubectl --namespace polarity wait deployment/polarity-predictor --timeout=120s --for=create',
      `kubectl --namespace polarity wait deployment/polarity-predictor --timeout=120s --for=jsonpath={.spec.template.spec.containers[0].image}=${IMAGE}:v1@${DIGEST}`,
      'kubectl --namespace polarity rollout status deployment/polarity-predictor --timeout=600s',
    ])
    expect(stdout).toContain('not asked')
  })
})
