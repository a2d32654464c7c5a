import { describe, expect, it } from 'vitest'
import { APPLY_OPTIONS } from '../../scripts/deploy/steps.ts'
import { answerOf, hasApiServer } from './api-server.ts'
import { composed, objectsOf } from './composed.ts'
import { complaintsOf, hasManifestTools } from './rendered.ts'

/** Each by itself, and with all that it may be combined with. */
const FORMS = [
  ['knative'],
  ['network-policy', 'redis', 'api-keys', 'monitoring', 'knative'],
  ['network-policy', 'azure-redis', 'api-keys', 'monitoring', 'knative'],
  ['keda'],
  ['network-policy', 'redis', 'api-keys', 'istio', 'monitoring', 'keda'],
  ['keda-http'],
  ['network-policy', 'redis', 'api-keys', 'monitoring', 'keda-http'],
].map((components) => ({ components, names: components.join(', ') }))

/** What sets the number of pods. */
const SCALERS = [
  'autoscaling/v2 HorizontalPodAutoscaler',
  'keda.sh/v1alpha1 ScaledObject',
  'serving.knative.dev/v1 Service',
  'serving.kserve.io/v1beta1 InferenceService',
]

describe.skipIf(!hasManifestTools).each(FORMS)('with $names', ({ components }) => {
  it('every object is what its schema says', () => {
    expect(complaintsOf(composed(components))).toBe('')
  })

  it.skipIf(!hasApiServer)('the API server takes all of it', () => {
    expect(answerOf(composed(components), APPLY_OPTIONS)).toBe('')
  })
})

describe.skipIf(!hasManifestTools)('the number of pods', () => {
  it.each([
    ...FORMS,
    { components: ['kserve'], names: 'kserve' },
    { components: [], names: 'nothing' },
  ])('is set by one autoscaler alone, with $names', ({ components }) => {
    const kinds = objectsOf(components).map(({ apiVersion, kind }) => `${apiVersion} ${kind}`)
    expect(kinds.filter((kind) => SCALERS.includes(kind))).toHaveLength(1)
  })

  it.each([
    ['queue-depth', 'keda'],
    ['queue-depth', 'keda-http'],
    ['queue-depth', 'knative'],
  ])('is not set by %s too, beside %s', (...components) => {
    const kinds = objectsOf(components).map(({ kind }) => kind)
    expect(kinds).not.toContain('HorizontalPodAutoscaler')
  })

  it('is not set by both components for KEDA: kustomize refuses them', () => {
    expect(() => composed(['keda', 'keda-http'])).toThrow('already registered id: ScaledObject')
  })
})
