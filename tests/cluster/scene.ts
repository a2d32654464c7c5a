import type { AddOns } from './add-ons.ts'
import type { ControlPlane } from './control-plane.ts'
import type { Kubelet } from './kubelet.ts'
import type { Nodes } from './nodes.ts'
import { Deployment, isReady, Pod } from './objects.ts'
import type { Report } from './report.ts'
import { expect, until } from './wait.ts'

export interface Scene {
  readonly report: Report
  readonly plane: ControlPlane
  readonly nodes: Nodes
  readonly kubelet: Kubelet
  readonly addOns: AddOns
  /** The folder of the checkout that is tried. */
  readonly checkout: string
  /** A folder of the checkout, in YAML. */
  readonly render: (folder: string) => Promise<string>
  /** Production's manifests. */
  readonly production: string
}

/** Cases about one subject, each on what those before it left. */
export type Part = (scene: Scene) => Promise<void>

/** Production's, in the overlay. */
export const NAMESPACE = 'polarity'
/** Production's minimum. */
export const REPLICAS = 3

const DEPLOYMENT = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/polarity`
/** Of the service, of whatever version. */
export const PODS = `/api/v1/namespaces/${NAMESPACE}/pods?labelSelector=app.kubernetes.io%2Fname%3Dpolarity`

/** The Deployment with its status. */
export async function deploymentOf({ plane }: Pick<Scene, 'plane'>) {
  const deployment = await plane.api.get(DEPLOYMENT, Deployment)
  if (!deployment) throw new Error('there is no Deployment polarity')
  return deployment
}

export async function imageOf(scene: Pick<Scene, 'plane'>): Promise<string> {
  const { spec } = await deploymentOf(scene)
  return spec.template.spec.containers[0]?.image ?? ''
}

/** Throws unless the Deployment's image has this tag. */
export async function runsTag(scene: Pick<Scene, 'plane'>, tag: string): Promise<void> {
  const image = await imageOf(scene)
  expect(image.includes(`:${tag}`), `the Deployment has ${image}, not ${tag}`)
}

/** Pods of the service that are ready. */
export async function readyPods({ plane }: Pick<Scene, 'plane'>): Promise<Pod[]> {
  return (await plane.api.list(PODS, Pod)).filter(isReady)
}

/** Waits until no pod of an earlier version is ending, which takes its room as long as it runs. */
export async function ended({ plane }: Pick<Scene, 'plane'>): Promise<void> {
  await until('the end of older pods', 60, async () => {
    const pods = await plane.api.list(PODS, Pod)
    return pods.every(({ metadata }) => metadata.deletionTimestamp === undefined) || undefined
  })
}

/** Waits until all replicas, so many at least, are ready and of the newest version. */
export async function rolledOut(scene: Pick<Scene, 'plane'>, seconds: number): Promise<void> {
  await until('every replica ready, and of the newest version', seconds, async () => {
    const { metadata, spec, status } = await deploymentOf(scene)
    const counts = [status.replicas, status.updatedReplicas, status.readyReplicas]
    const isSeen = status.observedGeneration >= metadata.generation
    const isDone = spec.replicas >= REPLICAS && counts.every((count) => count === spec.replicas)
    return (isSeen && isDone) || undefined
  })
}
