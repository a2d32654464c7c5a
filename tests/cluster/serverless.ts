import { apply, composer, MANAGER } from './manifests.ts'
import { prepare } from './namespace.ts'
import type { Part, Scene } from './scene.ts'
import { removed, unchanged } from './unchanged.ts'
import { expect } from './wait.ts'

const COMMON = ['network-policy', 'redis', 'api-keys', 'monitoring']
/** What scales the pods in place of the base's autoscaler. */
const FORMS = ['knative', 'keda', 'keda-http']

/** What scales by requests or load, with the definitions that Knative and KEDA publish; neither itself is there. */
export const serverless: Part = async (scene) => {
  const { report, plane } = scene
  const compose = composer(plane, scene.checkout)
  for (const form of FORMS) {
    const namespace = `with-${form}`
    const text = await compose({ namespace, components: [...COMMON, form] })
    await prepare(scene, namespace)
    await report.case(`the base with ${form} is accepted, without a warning`, () =>
      accepted(scene, text),
    )
    const again = () => apply(plane.kubectl, text)
    await report.case(`the base with ${form} again changes nothing`, () =>
      unchanged(plane.kubectl, { text, manager: MANAGER, again }),
    )
    await report.case(`the base with ${form} can be deleted, and nothing stays`, () =>
      removed(plane.kubectl, text),
    )
  }
}

async function accepted({ plane }: Scene, text: string): Promise<void> {
  const warnings = await apply(plane.kubectl, text)
  expect(warnings === '', warnings)
}
