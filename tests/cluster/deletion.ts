import { z } from 'zod'
import { NAMESPACE, type Part, type Scene } from './scene.ts'
import { expect } from './wait.ts'

const Named = z.object({ metadata: z.object({ name: z.string() }) })

/** Production goes away, wherever its objects are. */
export const deleted: Part = async (scene) => {
  scene.addOns.load.queueTokens = 0
  await scene.report.case('what was applied can be deleted, and nothing stays', () => remove(scene))
}

async function remove({ plane, production }: Scene): Promise<string> {
  const options = ['--ignore-not-found', '--wait=true', '--timeout=180s', '--output=name']
  const output = await plane.kubectl.ok(['delete', '--filename=-', ...options], production)
  const namespace = await plane.api.get(`/api/v1/namespaces/${NAMESPACE}`, Named)
  expect(namespace === undefined, 'the namespace is still there')
  const certificates = '/apis/cert-manager.io/v1/namespaces/aks-istio-ingress/certificates'
  const left = await plane.api.list(certificates, Named)
  expect(left.length === 0, `certificates are left: ${left.map(({ metadata }) => metadata.name)}`)
  return `${output.trim().split('\n').length} objects`
}
