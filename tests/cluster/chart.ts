import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Helm } from './helm.ts'
import { prepare } from './namespace.ts'
import { Deployment } from './objects.ts'
import type { Part, Scene } from './scene.ts'
import { nothingOf, unchanged } from './unchanged.ts'
import { expect } from './wait.ts'

const NAMESPACE = 'chart'
const DEPLOYMENT = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/polarity`
const Scaled = z.object({ spec: z.object({ minReplicas: z.number(), maxReplicas: z.number() }) })

/** The Helm chart, by Helm itself. */
export const charted: Part = async (scene) => {
  const { report, plane, checkout } = scene
  const helm = new Helm(plane, checkout, NAMESPACE)
  const production = ['--values', productionValues(checkout, plane.folder)]
  await prepare(scene, NAMESPACE)
  await report.case('helm installs the chart with its default values, without a warning', () =>
    helm.install(),
  )
  await report.case('helm again changes nothing', () => again(scene, helm, []))
  await report.case("helm brings it to the README's values of production", async () => {
    await helm.upgrade(...production)
    const path = `/apis/autoscaling/v2/namespaces/${NAMESPACE}/horizontalpodautoscalers/polarity`
    const { minReplicas, maxReplicas } = (await plane.api.get(path, Scaled))?.spec ?? {}
    expect(minReplicas === 3 && maxReplicas === 40, `${minReplicas} to ${maxReplicas} replicas`)
  })
  await report.case("helm again with production's values changes nothing", () =>
    again(scene, helm, production),
  )
  await report.case('helm conflicts with kubectl rollout undo, and goes on where told to', () =>
    undo(scene, helm, production),
  )
  await report.case('helm takes all of it away', async () => {
    const text = await helm.manifest()
    await helm.run('uninstall', 'polarity', '--wait', '--timeout=120s')
    await nothingOf(plane.kubectl, text)
  })
}

/** Those in the chart's README, as a file. */
function productionValues(checkout: string, folder: string): string {
  const readme = readFileSync(join(checkout, 'chart/README.md'), 'utf8')
  const [, values] = /--values - <<'END'\n(.*?)^END$/ms.exec(readme) ?? []
  if (!values) throw new Error('the README has no values of production')
  const file = join(folder, 'production-values.yaml')
  writeFileSync(file, values)
  return file
}

async function again(scene: Scene, helm: Helm, values: readonly string[]): Promise<string> {
  const text = await helm.manifest()
  const upgrade = () => helm.upgrade(...values)
  return unchanged(scene.plane.kubectl, { text, again: upgrade })
}

async function undo({ plane }: Scene, helm: Helm, values: readonly string[]): Promise<void> {
  const inNamespace = `--namespace=${NAMESPACE}`
  await plane.kubectl.ok(['rollout', 'undo', 'deployment/polarity', inNamespace])
  const next = [...values, '--set=image.tag=next']
  const refusal = await helm.upgrade(...next).then(
    () => 'it is accepted',
    (error) => `${error}`,
  )
  expect(/conflicts? with \\?"kubectl/.test(refusal), refusal)
  await helm.upgrade(...next, '--force-conflicts')
  const deployment = await plane.api.get(DEPLOYMENT, Deployment)
  const image = deployment?.spec.template.spec.containers[0]?.image
  expect(image?.endsWith(':next') === true, `the image is ${image}`)
}
