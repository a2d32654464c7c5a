import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { composed, objectsOf, serviceObject } from './composed.ts'
import { hasKnativeWebhook, knativeAnswerOf } from './knative-webhook.ts'
import { hasManifestTools } from './rendered.ts'

const SERVICE = 'serving.knative.dev/v1'
const ALL = ['network-policy', 'redis', 'api-keys', 'monitoring', 'knative']

const Container = z.looseObject({
  env: z.array(z.unknown()).default([]),
  envFrom: z.array(z.unknown()),
  volumeMounts: z.array(z.unknown()).default([]),
  securityContext: z.looseObject({}),
})
const Template = z.object({
  metadata: z.object({
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()),
  }),
  spec: z.looseObject({
    containers: z.tuple([Container]),
    securityContext: z.looseObject({}).optional(),
    timeoutSeconds: z.number().optional(),
  }),
})
const Pods = z.object({ spec: z.object({ template: Template }) })
const Settings = z.object({ data: z.record(z.string(), z.string()) })
const PodMonitor = z.object({
  spec: z.object({
    podMetricsEndpoints: z.tuple([
      z.looseObject({ port: z.string(), relabelings: z.array(z.unknown()) }),
    ]),
  }),
})

const templateOf = (resource: unknown) => Pods.parse(resource).spec.template
const deployed = (components: readonly string[]) =>
  templateOf(serviceObject(components, 'Deployment'))
const served = (components: readonly string[]) =>
  templateOf(serviceObject([...components, 'knative'], 'Service', SERVICE))
const settings = () =>
  Settings.parse(objectsOf(['knative']).find(({ kind }) => kind === 'ConfigMap')).data

describe.skipIf(!hasManifestTools)('Knative', () => {
  it.each(
    [[], ['redis'], ['azure-redis'], ['api-keys'], ['redis', 'api-keys']].map((components) => ({
      components,
      names: components.join(', ') || 'nothing',
    })),
  )('gives its pods what the Deployment gives them, with $names', ({ components }) => {
    const [before, after] = [deployed(components), served(components)]
    expect(after.metadata.labels).toEqual(before.metadata.labels)
    expect(after.spec.volumes).toEqual(before.spec.volumes)
    expect(after.spec.serviceAccountName).toBe(before.spec.serviceAccountName)
    const [{ env, envFrom, image, resources, volumeMounts, securityContext }] =
      before.spec.containers
    const [container] = after.spec.containers
    expect(container).toMatchObject({ env, envFrom, image, resources, volumeMounts })
    // What Knative does not allow for the pod stands at its container.
    expect(container.securityContext).toEqual({
      ...before.spec.securityContext,
      ...securityContext,
    })
  })

  it('leaves no other Service of its name, and nothing that refers to the Deployment', () => {
    expect(serviceObject(ALL, 'Service', 'v1')).toBeUndefined()
    for (const kind of ['Deployment', 'HorizontalPodAutoscaler', 'PodDisruptionBudget'])
      expect(serviceObject(ALL, kind)).toBeUndefined()
  })

  it('gives a pod longer to end than the service takes', () => {
    const needed = Number(settings().DRAIN_SECONDS) + Number(settings().SHUTDOWN_TIMEOUT_SECONDS)
    expect(served([]).spec.timeoutSeconds).toBeGreaterThan(needed)
  })

  it('runs no pod for nobody', () => {
    const { annotations } = served([]).metadata
    expect(annotations['autoscaling.knative.dev/min-scale']).toBe('0')
  })

  it('is scraped on the internal port, which its pods do not list', () => {
    const { podMetricsEndpoints } = PodMonitor.parse(serviceObject(ALL, 'PodMonitor')).spec
    expect(podMetricsEndpoints[0].relabelings).toMatchObject([
      { targetLabel: '__address__', replacement: `$1:${settings().INTERNAL_PORT}` },
    ])
  })
})

describe.skipIf(!hasManifestTools || !hasKnativeWebhook)("Knative's own webhook", () => {
  it.each([['knative'], ALL])('takes what the component makes: %s …', (...components) => {
    expect(knativeAnswerOf(composed(components))).toBe('')
  })

  it.each([
    [
      'a second port',
      '- containerPort: 8000\n',
      '- containerPort: 9464\n        - containerPort: 8000\n',
    ],
    ['a port of another name', 'name: http1', 'name: http'],
    [
      'what waits for an optional feature',
      '      serviceAccountName',
      '      hostNetwork: true\n      serviceAccountName',
    ],
    ['a target that is no number', 'target: "8"', 'target: eight'],
    ['a time to end beyond its own limit', 'timeoutSeconds: 45', 'timeoutSeconds: 4500'],
    ['a probe by the name of a port that is not listed', 'port: 9464', 'port: internal'],
  ])('refuses %s', (_, right, wrong) => {
    const text = composed(['knative'])
    expect(text).toContain(right)
    expect(knativeAnswerOf(text.replace(right, wrong))).toContain('Service polarity: ')
  })
})
