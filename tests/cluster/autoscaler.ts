import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { apply, withTag } from './manifests.ts'
import { Autoscaler } from './objects.ts'
import { deploymentOf, NAMESPACE, type Part, rolledOut, type Scene } from './scene.ts'
import { expect, until } from './wait.ts'

const AUTOSCALER = `/apis/autoscaling/v2/namespaces/${NAMESPACE}/horizontalpodautoscalers/polarity`
/** Of the target: the whole request, and 32,768 tokens in the queue. */
const CORES_PER_POD = 1.2
const TOKENS_PER_POD = 32_768
const SECONDS = 60
/** Of six replicas, one after the other. */
const ROLLOUT_SECONDS = 240
/** Several looks of the autoscaler. */
const LOOKS_MS = 5000

/** The autoscaler with metrics, on as many nodes as it needs. */
export const scaled: Part = async (scene) => {
  const { report, addOns, nodes, plane, production } = scene
  await nodes.grow(8)
  await report.case('work for six replicas makes six of three, and stays there', async () => {
    addOns.load.cores = 6 * CORES_PER_POD
    await reaches(scene, 6)
    await rolledOut(scene, SECONDS)
    await stays(scene, 6)
  })
  await report.case('a deployment leaves the number of replicas alone', async () => {
    await apply(plane.kubectl, withTag(production, 'six'))
    await rolledOut(scene, ROLLOUT_SECONDS)
    await stays(scene, 6)
  })
  await report.case('a pause in traffic takes no replica away', async () => {
    addOns.load.cores = 0
    await until('the autoscaler to see the pause', SECONDS, () => stabilized(scene))
    await stays(scene, 6)
  })
  await report.case('queue depth for eight replicas makes eight', async () => {
    const patch = join(scene.checkout, 'kustomize/components/queue-depth/scaling.yaml')
    await plane.kubectl.ok([
      ...['patch', 'hpa', 'polarity', `--namespace=${NAMESPACE}`],
      ...['--type=json', `--patch-file=${patch}`],
    ])
    // Between seven and eight: at eight a rounded token would make nine.
    addOns.load.queueTokens = 7.5 * TOKENS_PER_POD
    await reaches(scene, 8)
    await stays(scene, 8)
  })
}

async function reaches(scene: Scene, replicas: number): Promise<void> {
  await until(`${replicas} replicas`, SECONDS, async () => {
    const { spec } = await deploymentOf(scene)
    return spec.replicas === replicas || undefined
  }).catch(async (error) => {
    throw new Error(`${error.message}: ${await conditions(scene)}`, { cause: error })
  })
}

async function stays(scene: Scene, replicas: number): Promise<void> {
  await sleep(LOOKS_MS)
  const { spec } = await deploymentOf(scene)
  expect(spec.replicas === replicas, `there are ${spec.replicas}: ${await conditions(scene)}`)
}

async function stabilized({ plane }: Scene): Promise<true | undefined> {
  const autoscaler = await plane.api.get(AUTOSCALER, Autoscaler)
  const reasons = autoscaler?.status.conditions.map(({ reason }) => reason)
  return reasons?.includes('ScaleDownStabilized') || undefined
}

async function conditions({ plane }: Scene): Promise<string> {
  const autoscaler = await plane.api.get(AUTOSCALER, Autoscaler)
  const all = autoscaler?.status.conditions ?? []
  return all.map(({ type, status, message }) => `${type} ${status}: ${message}`).join('; ')
}
