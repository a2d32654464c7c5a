import { z } from 'zod'
import type { Deployer } from './deployer.ts'
import { expectDone } from './kubectl.ts'
import { NAMESPACE, runsTag, type Scene } from './scene.ts'
import { expect } from './wait.ts'

const Named = z.object({ metadata: z.object({ name: z.string() }) })
const MONITORS = `/apis/monitoring.coreos.com/v1/namespaces/${NAMESPACE}/podmonitors`
const BUDGETS = `/apis/policy/v1/namespaces/${NAMESPACE}/poddisruptionbudgets`

/** Changes of the overlay that must stop a deployment before it builds, each on top of the one before. */
const REFUSED = [
  {
    what: 'a revision that the mesh has not',
    ...{ from: /revision=.*/, to: 'revision=wrong', says: 'no revision wrong' },
  },
  {
    what: 'manifests that the API server refuses',
    ...{ from: /$/, to: 'labels:\n  - pairs:\n      team: no label!\n' },
    says: 'refuses the manifests',
  },
] as const

/** What a deployment takes away, how it goes back, and what it does not begin. */
export async function changed(scene: Scene, deployer: Deployer): Promise<void> {
  const { report } = scene
  const before = deployer.tag
  await report.case(
    'a deployment removes what has left the overlay, and nothing else',
    async () => {
      expect((await namesAt(scene, MONITORS)) !== '', 'there was nothing to remove')
      deployer.change(/^ *- \.\.\/\.\.\/components\/monitoring\n/m, '')
      expectDone(await deployer.deploy())
      const left = await namesAt(scene, MONITORS)
      expect(left === '', `${left} are still there`)
      const budgets = await namesAt(scene, BUDGETS)
      expect(budgets === 'polarity', `the disruption budgets are "${budgets}"`)
    },
  )
  await report.case(
    '--rollback brings an older image back by its digest, and builds none',
    async () => {
      const built = deployer.builds
      expectDone(await deployer.deploy('--rollback', before))
      await runsTag(scene, `${before}@sha256`)
      expect(deployer.builds === built, 'it has called docker')
    },
  )
  for (const { what, from, to, says } of REFUSED)
    await report.case(`a deployment ends before it builds at ${what}`, async () => {
      const built = deployer.builds
      deployer.change(from, to)
      const { status, stderr } = await deployer.deploy()
      deployer.undoChange()
      expect(status === 1 && stderr.includes(says), `exit code ${status}: ${stderr}`)
      expect(deployer.builds === built, 'it has called docker')
    })
}

async function namesAt({ plane }: Scene, path: string): Promise<string> {
  const named = await plane.api.list(path, Named)
  return named.map(({ metadata }) => metadata.name).join(', ')
}
