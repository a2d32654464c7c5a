import { NAMESPACE, type Part, REPLICAS, readyPods, rolledOut, type Scene } from './scene.ts'
import { expect, until } from './wait.ts'
import { watched } from './watched.ts'

const CREATED = 201
const TOO_MANY = 429
/** The budget's. */
const FEWEST = REPLICAS - 1

/** Evictions as by whoever upgrades or removes nodes, against the disruption budget. */
export const evicted: Part = async (scene) => {
  const { report, plane, nodes } = scene
  await report.case('one replica can be evicted, and no second one before it is replaced', () =>
    evictTwo(scene),
  )
  // An upgrade adds a node before it drains the first.
  await nodes.grow(nodes.count + 1)
  for (const round of ['a', 'another']) {
    await report.case(
      `${round} node can be drained, with ${FEWEST} replicas ready all the time`,
      async () => {
        const [name = ''] = (await readyPods(scene)).flatMap(({ spec }) => spec.nodeName ?? [])
        const { fewestReady } = await watched(plane.api, NAMESPACE, () => drain(scene, name))
        await plane.kubectl.ok(['uncordon', name])
        expect(fewestReady >= FEWEST, `there were ${fewestReady} at some time`)
        return name
      },
    )
  }
}

async function evictTwo(scene: Scene): Promise<void> {
  const [first, second] = await readyPods(scene)
  if (!first || !second) throw new Error('fewer than two replicas are ready')
  const [one, two] = [first, second].map(({ metadata }) => metadata.name)
  const statuses = [await evict(scene, one), await evict(scene, two)]
  expect(
    statuses.join() === `${CREATED},${TOO_MANY}`,
    `the evictions respond ${statuses.join(', ')}`,
  )
  await rolledOut(scene, 60)
  await until('an eviction after the replacement', 60, async () => {
    return (await evict(scene, two)) === CREATED || undefined
  })
  await rolledOut(scene, 60)
}

async function evict({ plane }: Scene, name = ''): Promise<number> {
  const { status } = await plane.api.call({
    method: 'POST',
    path: `/api/v1/namespaces/${NAMESPACE}/pods/${name}/eviction`,
    body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name } },
  })
  return status
}

async function drain(scene: Scene, name: string): Promise<void> {
  const options = ['--ignore-daemonsets', '--delete-emptydir-data', '--timeout=120s']
  await scene.plane.kubectl.ok(['drain', name, ...options])
  await rolledOut(scene, 60)
}
