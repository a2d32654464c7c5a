import { apply, withTag } from './manifests.ts'
import { Pod } from './objects.ts'
import {
  ended,
  NAMESPACE,
  type Part,
  PODS,
  REPLICAS,
  readyPods,
  rolledOut,
  type Scene,
} from './scene.ts'
import { expect, until } from './wait.ts'
import { type Watched, watched } from './watched.ts'

/** Part of the tag of a version that never gets ready. */
const BROKEN = 'broken'
const VERSION = 'app.kubernetes.io/version'
/** One more than the replicas, by `maxSurge`. */
const MOST_PODS = REPLICAS + 1

/** New versions of production on the nodes that hold it. */
export const rolled: Part = async (scene) => {
  const { report, kubelet } = scene
  await report.case(
    `a new version leaves ${REPLICAS} replicas ready all the time, and needs no more nodes`,
    async () => {
      const seen = await during(scene, async () => {
        await deploy(scene, 'two')
        await rolledOut(scene, 120)
      })
      expect(seen.fewestReady >= REPLICAS, `there were ${seen.fewestReady} at some time`)
      expect(seen.mostPods <= MOST_PODS, `there were ${seen.mostPods} pods at some time`)
      hadRoom(seen)
      return `${seen.mostPods} pods at most, beside those that end; each had room at once`
    },
  )
  await ended(scene)
  kubelet.broken = BROKEN
  await report.case('a version that never gets ready leaves those before it', async () => {
    const seen = await during(scene, async () => {
      await deploy(scene, BROKEN)
      await until('a pod of it', 60, () => hasBroken(scene))
    })
    expect(seen.fewestReady >= REPLICAS, `there were ${seen.fewestReady} at some time`)
    expect((await readyPods(scene)).length === REPLICAS, 'one of them has gone')
  })
  await report.case('the version after it replaces it, and needs no more nodes', async () => {
    const seen = await during(scene, async () => {
      await deploy(scene, 'three')
      await rolledOut(scene, 120)
    })
    hadRoom(seen)
  })
  kubelet.broken = undefined
}

/** A pod without room makes an autoscaler of nodes buy one. */
function hadRoom({ unscheduled }: Pick<Watched, 'unscheduled'>): void {
  expect(unscheduled.length === 0, `no node had room for ${unscheduled.join(', ')}`)
}

const deploy = ({ plane, production }: Scene, tag: string): Promise<string> =>
  apply(plane.kubectl, withTag(production, tag))

const during = ({ plane }: Scene, action: () => Promise<void>) =>
  watched(plane.api, NAMESPACE, action)

async function hasBroken({ plane }: Scene): Promise<true | undefined> {
  const pods = await plane.api.list(PODS, Pod)
  const broken = pods.filter(({ metadata }) => metadata.labels[VERSION] === BROKEN)
  return broken.some(({ status }) => status.phase === 'Running') || undefined
}
