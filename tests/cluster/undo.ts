import { apply, withTag } from './manifests.ts'
import { imageOf, NAMESPACE, type Part, rolledOut, type Scene } from './scene.ts'
import { expect } from './wait.ts'

/** `kubectl rollout undo`, and the deployment after it. */
export const undone: Part = async (scene) => {
  const { report, plane, production } = scene
  const before = await imageOf(scene)
  // Another one that works, as the version before this is the one that never got ready.
  await apply(plane.kubectl, withTag(production, 'four'))
  await rolledOut(scene, 120)
  const next = withTag(production, 'five')
  await report.case('kubectl rollout undo brings the version before back', async () => {
    await plane.kubectl.ok([
      ...['rollout', 'undo', 'deployment/polarity', `--namespace=${NAMESPACE}`],
    ])
    await rolledOut(scene, 120)
    const image = await imageOf(scene)
    expect(image === before, `it is ${image}, and was ${before}`)
    return image
  })
  await report.case('an apply without the options of a deployment conflicts with it', async () => {
    const refusal = await apply(plane.kubectl, next, ['--field-manager=polarity-deploy']).then(
      () => 'it is accepted',
      (error) => `${error}`,
    )
    expect(/conflicts? with "kubectl/.test(refusal), refusal)
  })
  await report.case('the next deployment takes its fields back', () => takeBack(scene, next))
}

async function takeBack(scene: Scene, next: string): Promise<string> {
  await apply(scene.plane.kubectl, next)
  await rolledOut(scene, 120)
  const image = await imageOf(scene)
  expect(image.endsWith(':five'), `it is ${image}`)
  return image
}
