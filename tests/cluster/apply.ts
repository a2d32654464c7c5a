import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Kubectl } from './kubectl.ts'
import { apply } from './manifests.ts'
import { PUBLISHED } from './programs.ts'
import { NAMESPACE, type Part, rolledOut, type Scene } from './scene.ts'
import { expect, until } from './wait.ts'

/** Overlays beside production's, by folder, and the namespace that each goes to. */
const OTHERS = {
  'kustomize/overlays/dev': 'polarity-dev',
  'tests/kustomize/azure-redis': 'azure-redis',
  'tests/kustomize/kserve': 'kserve',
} as const
const PRODUCTION = 'kustomize/overlays/prod'
/** Longer than two looks of any controller. */
const CALM_MS = 2500

const Versions = z.object({
  items: z.array(
    z.looseObject({
      kind: z.string(),
      metadata: z.looseObject({
        name: z.string(),
        generation: z.number().optional(),
        resourceVersion: z.string(),
        labels: z.unknown().optional(),
        annotations: z.unknown().optional(),
      }),
      spec: z.unknown().optional(),
      status: z.unknown().optional(),
    }),
  ),
})

/** Every overlay, twice. Leaves production's alone in the cluster. */
export const applied: Part = async (scene) => {
  const { report, plane } = scene
  await report.case('the custom resources of Istio, cert-manager and others are defined', () =>
    define(scene),
  )
  for (const [folder, namespace] of Object.entries(OTHERS)) {
    const text = await scene.render(folder)
    // The tests' overlays have production's namespace.
    await both(scene, {
      ...{ folder, namespace },
      text: text.replaceAll(/^( *namespace:) polarity$/gm, `$1 ${namespace}`),
    })
  }
  await report.case('the overlay for developers gets ready under enforced Pod Security', () =>
    ready(scene),
  )
  const gone = ['delete', 'namespace', ...Object.values(OTHERS), '--wait=true', '--timeout=120s']
  await plane.kubectl.ok(gone)
  await both(scene, { folder: PRODUCTION, namespace: NAMESPACE, text: scene.production })
  await report.case('a pod of production as root is warned of', async () => {
    const asRoot = scene.production.replaceAll('runAsNonRoot: true', 'runAsNonRoot: false')
    const warnings = await apply(plane.kubectl, asRoot, ['--force-conflicts', '--dry-run=server'])
    expect(warnings.includes('would violate PodSecurity'), `no warning: ${warnings}`)
  })
}

async function ready({ plane }: Scene): Promise<void> {
  const options = ['--namespace=polarity-dev', '--timeout=60s']
  await plane.kubectl.ok(['rollout', 'status', 'deployment/polarity', ...options])
}

interface Overlay {
  readonly folder: string
  readonly namespace: string
  readonly text: string
}

async function both(scene: Scene, { folder, namespace, text }: Overlay): Promise<void> {
  const { report, plane } = scene
  await prepare(scene, namespace)
  await report.case(`all of ${folder} is accepted, without a warning`, async () => {
    const warnings = await apply(plane.kubectl, text)
    expect(warnings === '', warnings)
  })
  // The autoscaler's first look changes the Deployment.
  if (namespace === NAMESPACE) await rolledOut(scene, 30).catch(() => {})
  await report.case(`${folder} again changes nothing`, () => again(scene, text))
}

async function define({ plane }: Scene): Promise<string> {
  const files = readdirSync(PUBLISHED).filter((name) => name.endsWith('.yaml'))
  const options = files.map((name) => `--filename=${join(PUBLISHED, name)}`)
  await plane.kubectl.ok(['apply', '--server-side', ...options])
  await plane.kubectl.ok(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s'])
  return `${files.length} files`
}

/** The namespace, and the secrets that operators make. */
async function prepare({ plane }: Scene, namespace: string): Promise<void> {
  const metadata = { name: namespace }
  await plane.api.create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata })
  const secrets = {
    'polarity-redis': { password: 'test' },
    'polarity-azure-redis': { url: 'rediss://test' },
    'polarity-api-keys': { keys: '' },
  }
  for (const [name, stringData] of Object.entries(secrets)) {
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData }
    await plane.api.create(`/api/v1/namespaces/${namespace}/secrets`, secret)
  }
}

async function again({ plane: { kubectl } }: Scene, text: string): Promise<string> {
  const before = await settled(kubectl, text)
  await apply(kubectl, text)
  const after = await versionsOf(kubectl, text)
  const changed = after.filter((line, i) => line !== before[i])
  expect(changed.length === 0, `changed: ${changed.join(', ')}`)
  const diff = ['diff', '--server-side', '--force-conflicts', '--field-manager=polarity-deploy']
  const { status, stdout, stderr } = await kubectl.run([...diff, '--filename=-'], text)
  expect(status === 0, `kubectl diff: ${status}: ${stdout}${stderr}`)
  return `${after.length} objects`
}

/** Once controllers have done what the first apply makes them do. */
function settled(kubectl: Kubectl, text: string): Promise<string[]> {
  return until('objects that nothing changes', 60, async () => {
    const before = await versionsOf(kubectl, text)
    await sleep(CALM_MS)
    const after = await versionsOf(kubectl, text)
    return `${before}` === `${after}` ? after : undefined
  })
}

/** What changes with each change of an object, but not with its status. */
async function versionsOf(kubectl: Kubectl, text: string): Promise<string[]> {
  const output = await kubectl.ok(['get', '--filename=-', '--output=json'], text)
  return Versions.parse(JSON.parse(output)).items.map(({ kind, metadata, spec, status }) => {
    const { name, generation, resourceVersion, labels, annotations } = metadata
    const isWatched = status !== undefined && generation === undefined
    const version = isWatched ? JSON.stringify({ labels, annotations, spec }) : resourceVersion
    return `${kind} ${name} ${generation ?? version}`
  })
}
