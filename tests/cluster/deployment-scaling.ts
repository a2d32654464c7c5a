import { z } from 'zod'
import type { Deployer } from './deployer.ts'
import { expectDone } from './kubectl.ts'
import { NAMESPACE, type Scene } from './scene.ts'
import { expect } from './wait.ts'

const Named = z.object({ metadata: z.object({ name: z.string() }) })
const ScaledObject = z.object({
  spec: z.object({ minReplicaCount: z.number(), maxReplicaCount: z.number() }),
})
const ConfigMap = Named.extend({ data: z.record(z.string(), z.string()).default({}) })
const inNamespace = (group: string, kind: string, namespace = NAMESPACE) =>
  `/apis/${group}/namespaces/${namespace}/${kind}`
const SCALED = inNamespace('keda.sh/v1alpha1', 'scaledobjects/polarity')
const AUTOSCALERS = inNamespace('autoscaling/v2', 'horizontalpodautoscalers')
/** All that the component `istio` has. */
const OF_THE_MESH = [
  ...['gateways', 'virtualservices', 'destinationrules'].map((kind) =>
    inNamespace('networking.istio.io/v1', kind),
  ),
  inNamespace('networking.istio.io/v1alpha3', 'envoyfilters'),
  ...['authorizationpolicies', 'peerauthentications'].map((kind) =>
    inNamespace('security.istio.io/v1', kind),
  ),
  inNamespace('cert-manager.io/v1', 'certificates', 'aks-istio-ingress'),
]

/** Production with another autoscaler and a second model, by changes of its one file. */
export async function rescaled(scene: Scene, deployer: Deployer): Promise<void> {
  const { report } = scene
  await report.case(
    'a deployment with KEDA takes the autoscaler away, and its numbers',
    async () => {
      deployer.change('\nreplacements:', '  - ../../components/keda\n\nreplacements:')
      await deployShadow(scene, deployer)
      const scale = await scaledOf(scene)
      expect(scale === '3 to 40', `KEDA keeps ${scale} replicas`)
      await noneAt(scene, [AUTOSCALERS])
    },
  )
  await report.case(
    'one with its HTTP add-on goes down to none, and removes the mesh',
    async () => {
      deployer.change('components/keda\n', 'components/keda-http\n')
      deployer.change('  - ../../components/istio\n', '')
      expectDone(await deployer.deploy())
      const scale = await scaledOf(scene)
      expect(scale === '0 to 40', `KEDA keeps ${scale} replicas`)
      await noneAt(scene, OF_THE_MESH)
    },
  )
}

/** A second model too: in the image's build, and in the settings of the pods. */
async function deployShadow({ plane }: Scene, deployer: Deployer): Promise<void> {
  const model = '      - MODEL=sst2-minilm\n'
  const shadow = '      - SHADOW_MODEL=sst2-minilm\n      - SHADOW_SHARE=0.1\n'
  deployer.change(model, `${model}${shadow}`)
  expectDone(await deployer.deploy())
  const build = deployer.calls.findLast((call) => call.startsWith('docker build ')) ?? ''
  expect(build.includes('--build-arg SHADOW_MODEL=sst2-minilm '), `the build was ${build}`)
  const maps = await plane.api.list(`/api/v1/namespaces/${NAMESPACE}/configmaps`, ConfigMap)
  const shares = maps.flatMap(({ data }) => data.SHADOW_SHARE ?? [])
  expect(shares.join() === '0.1', `the shares are ${shares.join(', ')}`)
}

async function scaledOf({ plane }: Scene): Promise<string> {
  const { minReplicaCount, maxReplicaCount } =
    (await plane.api.get(SCALED, ScaledObject))?.spec ?? {}
  return `${minReplicaCount} to ${maxReplicaCount}`
}

async function noneAt({ plane }: Scene, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const left = (await plane.api.list(path, Named)).map(({ metadata }) => metadata.name)
    expect(left.length === 0, `${path} still has ${left.join(', ')}`)
  }
}
