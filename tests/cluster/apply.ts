import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { apply, MANAGER } from './manifests.ts'
import { prepare } from './namespace.ts'
import { PUBLISHED } from './programs.ts'
import { NAMESPACE, type Part, rolledOut, type Scene } from './scene.ts'
import { unchanged } from './unchanged.ts'
import { expect } from './wait.ts'

/** Overlays beside production's, by folder, and the namespace that each goes to. */
const OTHERS = {
  'kustomize/overlays/dev': 'polarity-dev',
  'tests/kustomize/azure-redis': 'azure-redis',
  'tests/kustomize/kserve': 'kserve',
} as const
const PRODUCTION = 'kustomize/overlays/prod'

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
  const again = () => apply(plane.kubectl, text)
  await report.case(`${folder} again changes nothing`, () =>
    unchanged(plane.kubectl, { text, manager: MANAGER, again }),
  )
}

async function define({ plane }: Scene): Promise<string> {
  const files = readdirSync(PUBLISHED).filter((name) => name.endsWith('.yaml'))
  const options = files.map((name) => `--filename=${join(PUBLISHED, name)}`)
  await plane.kubectl.ok(['apply', '--server-side', ...options])
  await plane.kubectl.ok(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s'])
  return `${files.length} files`
}
