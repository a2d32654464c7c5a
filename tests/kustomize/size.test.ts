import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { APPLY_OPTIONS } from '../../scripts/deploy/steps.ts'
import { answerOf, hasApiServer } from './api-server.ts'
import { renderChanged } from './changed.ts'
import { hasManifestTools, parseResources, ROOT } from './rendered.ts'

const FOLDER = 'kustomize/overlays/prod'
const FILE = `${FOLDER}/kustomization.yaml`

/** What an operator writes into the one file, in place of what stands there. */
const WRITTEN = {
  'namespace: polarity': 'namespace: elsewhere',
  'host=polarity.example.com': 'host=words.example.org',
  'MODEL=distilbert-sst2': 'MODEL=sst2-minilm',
  'min-replicas=3': 'min-replicas=4',
  'max-replicas=40': 'max-replicas=50',
  'memory-request=768Mi': 'memory-request=700Mi',
  'memory-limit=1Gi': 'memory-limit=800Mi',
  'version=unset': 'version=v7',
}

/** The components that run or scale the pods, each where it belongs in the list, and what gives way. */
const FORMS = {
  base: { first: '', last: '', without: '' },
  keda: { first: '', last: 'keda', without: '' },
  'keda-http': { first: '', last: 'keda-http', without: 'istio' },
  knative: { first: '', last: 'knative', without: 'istio' },
  kserve: { first: 'kserve', last: '', without: '' },
} as const
type Form = keyof typeof FORMS

function production(form: Form): string {
  const { first, last, without } = FORMS[form]
  let text = readFileSync(join(ROOT, FILE), 'utf8')
  for (const [from, to] of Object.entries(WRITTEN)) {
    expect(text).toContain(from)
    text = text.replace(from, to)
  }
  const line = (component: string) => (component ? `  - ../../components/${component}\n` : '')
  text = text
    .replace('components:\n', `components:\n${line(first)}`)
    .replace('\nreplacements:', `${line(last)}\nreplacements:`)
    .replace(line(without), '')
  return renderChanged(FOLDER, { [FILE]: text })
}

const one = (text: string, kind: string, group = '') =>
  parseResources(text).find(
    (each) => each.kind === kind && each.metadata.name !== 'polarity-redis' && inGroup(each, group),
  )
const inGroup = ({ apiVersion }: { apiVersion: string }, group: string) =>
  group === '' || apiVersion.startsWith(`${group}/`)

const resources = { requests: { memory: '700Mi' }, limits: { memory: '800Mi' } }
const podOf = (spec: object) => ({ spec: { template: { spec } } })

describe.skipIf(!hasManifestTools)("production's one file", () => {
  it.each([
    ['base', 'Deployment', podOf({ containers: [{ resources }] })],
    ['base', 'HorizontalPodAutoscaler', { spec: { minReplicas: 4, maxReplicas: 50 } }],
    ['keda', 'Deployment', podOf({ containers: [{ resources }] })],
    ['keda', 'ScaledObject', { spec: { minReplicaCount: 4, maxReplicaCount: 50 } }],
    ['keda-http', 'ScaledObject', { spec: { minReplicaCount: 0, maxReplicaCount: 50 } }],
    [
      'keda-http',
      'HTTPScaledObject',
      { spec: { hosts: ['words.example.org'], replicas: { min: 0, max: 50 } } },
    ],
    ['kserve', 'InferenceService', { spec: { predictor: { minReplicas: 4, maxReplicas: 50 } } }],
    ['kserve', 'ServingRuntime', { spec: { containers: [{ resources }] } }],
  ] as const)('with %s reaches the %s', (form, kind, expected) => {
    expect(one(production(form), kind)).toMatchObject(expected)
  })

  it('with knative reaches the Knative Service', () => {
    const text = production('knative')
    expect(one(text, 'Service', 'serving.knative.dev')).toMatchObject({
      spec: {
        template: {
          metadata: {
            labels: { 'app.kubernetes.io/version': 'v7' },
            annotations: {
              'autoscaling.knative.dev/min-scale': '0',
              'autoscaling.knative.dev/max-scale': '50',
            },
          },
          spec: { containers: [{ resources }] },
        },
      },
    })
  })

  it.each(Object.keys(FORMS) as Form[])('with %s names the model of its pods', (form) => {
    const text = production(form)
    const [, name] = /configMapRef:\s+name: (polarity-\w+)/.exec(text) ?? []
    const map = parseResources(text).find((each) => each.metadata.name === name)
    expect(map).toMatchObject({ kind: 'ConfigMap', data: { MODEL: 'sst2-minilm' } })
  })

  it("names the namespace in KEDA's query", () => {
    const { spec } = z
      .object({
        spec: z.object({ triggers: z.array(z.object({ metadata: z.looseObject({}) })) }),
      })
      .parse(one(production('keda'), 'ScaledObject'))
    expect(spec.triggers[1]?.metadata.query).toBe(
      'sum(avg_over_time(polarity_queue_tokens{namespace="elsewhere"}[1m]))',
    )
  })

  it.skipIf(!hasApiServer).each(Object.keys(FORMS) as Form[])(
    "with %s is what the API server's own code takes",
    (form) => {
      expect(answerOf(production(form), APPLY_OPTIONS)).toBe('')
    },
  )
})
