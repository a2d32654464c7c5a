import { describe, expect, it } from 'vitest'
import { APPLY_OPTIONS } from '../../scripts/deploy/steps.ts'
import { answerOf, hasApiServer } from './api-server.ts'
import { compose } from './changed.ts'
import { OVERLAYS, type Overlay, renderText } from './rendered.ts'

const overlays = Object.keys(OVERLAYS) as Overlay[]

/** In the order of kustomize/README.md. */
const FIRST = ['network-policy'] as const
const LAST = ['api-keys', 'istio', 'monitoring', 'queue-depth'] as const
const COMPOSED: readonly (readonly string[])[] = [
  [],
  ...[...FIRST, 'redis', 'azure-redis', ...LAST, 'kserve'].map((one) => [one]),
  [...FIRST, 'redis', ...LAST],
  [...FIRST, 'azure-redis', ...LAST],
  ['kserve', ...FIRST, 'redis', ...LAST],
  ['kserve', ...FIRST, 'azure-redis', ...LAST],
]

describe.skipIf(!hasApiServer)("the API server's own code", () => {
  it.each(overlays)('takes all of %s, and again after an undo', (overlay) => {
    expect(answerOf(renderText(overlay), APPLY_OPTIONS)).toBe('')
  })

  it.each(
    COMPOSED.map((components) => ({ components, names: components.join(', ') || 'nothing' })),
  )('takes the base with $names, and again after an undo', ({ components }) => {
    expect(answerOf(compose(components), APPLY_OPTIONS)).toBe('')
  })

  it('refuses an apply after an undo, but for the options of a deployment', () => {
    expect(answerOf(renderText('prod'), [])).toContain(
      'Deployment polarity: after an undo: Apply failed with 1 conflict: conflict with "kubectl-rollout"',
    )
  })

  it.each([
    {
      what: 'a rule group twice',
      from: 'polarity-cache-alerts',
      to: 'polarity-cache-recording',
      says: 'duplicate entries',
    },
    {
      what: 'a label that is a digest',
      from: 'version: unset',
      to: `version: ${'0a'.repeat(32)}`,
      says: '63 characters',
    },
    {
      what: 'a label with a slash',
      from: 'version: unset',
      to: 'version: 5000/project',
      says: 'a valid label must be',
    },
    {
      what: 'a label that is a number',
      from: 'version: unset',
      to: 'version: 123456789012',
      says: 'expected string',
    },
    {
      what: 'a selector of other pods',
      from: 'name: polarity\n  strategy',
      to: 'name: other\n  strategy',
      says: 'selector does not match',
    },
    {
      what: 'an unknown field',
      from: 'minReplicas: 3',
      to: 'minReplica: 3',
      says: 'not declared in schema',
    },
    {
      what: 'an unknown field of a custom resource',
      from: 'issuerRef:',
      to: 'issuer:',
      says: 'unknown field',
    },
    {
      what: 'a value against its pattern',
      from: 'interval: 15s',
      to: 'interval: 15x',
      says: 'should match',
    },
    {
      what: 'a value against a rule in CEL',
      from: 'connectTimeout: 1s',
      to: 'connectTimeout: abc',
      says: 'valid duration',
    },
    {
      what: 'a pod as root',
      from: 'runAsNonRoot: true',
      to: 'runAsNonRoot: false',
      says: 'violates PodSecurity',
    },
    {
      what: 'a kind that is not there',
      from: 'kind: Gateway',
      to: 'kind: Gatewey',
      says: 'no kind',
    },
  ])('refuses $what', ({ from, to, says }) => {
    const text = renderText('prod')
    expect(text).toContain(from)
    expect(answerOf(text.replace(from, to), APPLY_OPTIONS)).toContain(says)
  })
})
