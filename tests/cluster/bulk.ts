import { evictShard, indexOf, jobThatIs, NAMESPACE, podsOf, VOLUME } from './bulk-job.ts'
import { apply, MANAGER } from './manifests.ts'
import type { Part, Scene } from './scene.ts'
import { removed, unchanged } from './unchanged.ts'
import { expect } from './wait.ts'

const OVERLAY = 'kustomize/overlays/bulk'
const CREATED = 201
const KILLED = 137
const WRONG_USE = 2

/** The shards of a file as an Indexed Job, by the Job controller itself. */
export const bulk: Part = async (scene) => {
  const { report, plane } = scene
  const text = await scene.render(OVERLAY)
  const again = () => apply(plane.kubectl, text)
  await plane.api.create('/api/v1/persistentvolumes', VOLUME)
  killFirstOf(scene, '1')
  await report.case(
    `all of ${OVERLAY} is accepted under enforced Pod Security, without a warning`,
    async () => {
      const warnings = await again()
      expect(warnings === '', warnings)
    },
  )
  await report.case('shards complete, also one whose pod was killed and one that was evicted', () =>
    completed(scene),
  )
  await report.case(`${OVERLAY} again changes nothing`, () =>
    unchanged(plane.kubectl, { text, manager: MANAGER, again }),
  )
  await report.case('they are joined once the second Job is let go', () => joined(scene))
  await report.case('wrong use is not tried again, and soon ends the Job', async () => {
    await plane.kubectl.ok(['delete', 'job/polarity-bulk', `--namespace=${NAMESPACE}`])
    scene.kubelet.exitCodeOf = () => WRONG_USE
    await again()
    return await refused(scene)
  })
  await report.case(`all of ${OVERLAY} can be deleted, and nothing stays`, () =>
    removed(plane.kubectl, text),
  )
}

/** As out of memory. */
function killFirstOf({ kubelet }: Scene, index: string): void {
  let isFirst = true
  kubelet.exitCodeOf = (pod) => {
    if (!isFirst || indexOf(pod) !== index) return 0
    isFirst = false
    return KILLED
  }
}

async function completed({ plane }: Scene): Promise<string> {
  const status = await evictShard(plane.api, '0')
  expect(status === CREATED, `the eviction responds ${status}`)
  const job = await jobThatIs(plane.api, 'polarity-bulk', 'Complete')
  const { completedIndexes, failedIndexes, failed } = job.status
  expect(completedIndexes === '0-7' && failedIndexes === '', `complete are ${completedIndexes}`)
  // The eviction counts for nothing.
  expect(failed === 1, `${failed} pods count as failed`)
  return `shards ${completedIndexes}`
}

async function joined({ plane }: Scene): Promise<void> {
  const job = ['job/polarity-bulk-join', `--namespace=${NAMESPACE}`]
  await plane.kubectl.ok(['patch', ...job, '--patch={"spec":{"suspend":false}}'])
  await jobThatIs(plane.api, 'polarity-bulk-join', 'Complete')
}

async function refused({ plane }: Scene): Promise<string> {
  const { conditions } = (await jobThatIs(plane.api, 'polarity-bulk', 'Failed')).status
  const { reason = '' } = conditions.find(({ type }) => type === 'Failed') ?? {}
  expect(reason === 'MaxFailedIndexesExceeded', reason)
  const tries = (await podsOf(plane.api, '0')).length
  expect(tries === 1, `shard 0 was tried ${tries} times`)
  return reason
}
