import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { objectsOf, serviceObject } from './composed.ts'
import { hasManifestTools, TOOLS } from './rendered.ts'

const Behavior = z.looseObject({ scaleUp: z.unknown(), scaleDown: z.unknown() })
const ScaledObject = z.object({
  spec: z.object({
    scaleTargetRef: z.object({ kind: z.string(), name: z.string() }),
    minReplicaCount: z.number(),
    maxReplicaCount: z.number(),
    advanced: z.object({ horizontalPodAutoscalerConfig: z.object({ behavior: Behavior }) }),
    triggers: z.array(
      z.object({
        type: z.string(),
        metricType: z.string().optional(),
        metadata: z.record(z.string(), z.string()),
      }),
    ),
  }),
})
const Autoscaler = z.object({
  spec: z.object({
    minReplicas: z.number(),
    maxReplicas: z.number(),
    metrics: z.array(z.looseObject({ type: z.string() })),
    behavior: Behavior,
  }),
})
/** KEDA's own list of what its triggers may be told. */
const Scalers = z.object({
  scalers: z.array(
    z.object({
      type: z.string(),
      parameters: z.array(
        z.object({
          name: z.string(),
          optional: z.boolean().default(false),
          default: z.string().optional(),
          metadataVariableReadable: z.boolean().default(false),
        }),
      ),
    }),
  ),
})

const scaled = (component: string) =>
  ScaledObject.parse(serviceObject([component], 'ScaledObject')).spec
const autoscaler = (components: readonly string[]) =>
  Autoscaler.parse(serviceObject(components, 'HorizontalPodAutoscaler')).spec
const triggerOf = (component: string, wanted: string) =>
  scaled(component).triggers.find(({ type }) => type === wanted)

describe.skipIf(!hasManifestTools)('KEDA', () => {
  it.each(['keda', 'keda-http'])('scales the Deployment with %s as the base does', (component) => {
    const { scaleTargetRef, maxReplicaCount, advanced } = scaled(component)
    const { metrics, behavior, maxReplicas } = autoscaler([])
    expect(scaleTargetRef).toMatchObject({ kind: 'Deployment', name: 'polarity' })
    expect(maxReplicaCount).toBe(maxReplicas)
    expect(advanced.horizontalPodAutoscalerConfig.behavior).toEqual(behavior)
    const cpu = triggerOf(component, 'cpu')
    const { containerName, value } = cpu?.metadata ?? {}
    const target = { type: cpu?.metricType, averageUtilization: Number(value) }
    expect(metrics).toMatchObject([{ containerResource: { container: containerName, target } }])
  })

  it('keeps as many pods as the base, and none by the HTTP add-on', () => {
    expect(scaled('keda').minReplicaCount).toBe(autoscaler([]).minReplicas)
    expect(scaled('keda-http').minReplicaCount).toBe(0)
  })

  it('scales by the queue as the component queue-depth does', () => {
    const [, queue] = autoscaler(['queue-depth']).metrics
    const { query, threshold } = triggerOf('keda', 'prometheus')?.metadata ?? {}
    const metric = { name: 'polarity_queue_tokens' }
    expect(query).toContain(`${metric.name}{namespace="polarity"}`)
    expect(queue).toMatchObject({ pods: { metric, target: { averageValue: threshold } } })
  })

  it('has another name for the HTTP scaled object: the add-on deletes a scaled object of its name', () => {
    const http = objectsOf(['keda-http']).find(({ kind }) => kind === 'HTTPScaledObject')
    expect(http?.metadata.name).not.toBe('polarity')
    expect(triggerOf('keda-http', 'external-push')?.metadata.httpScaledObject).toBe(
      http?.metadata.name,
    )
  })

  it.each(['keda', 'keda-http'])('tells the triggers of %s what they read', (component) => {
    const { scalers } = Scalers.parse(
      JSON.parse(readFileSync(join(TOOLS, 'schemas/scalers-schema.json'), 'utf8')),
    )
    for (const { type, metadata } of scaled(component).triggers) {
      const parameters = scalers.find((scaler) => scaler.type === type)?.parameters ?? []
      const known = parameters.filter((parameter) => parameter.metadataVariableReadable)
      const needed = known.filter((parameter) => !parameter.optional && !parameter.default)
      // This one hands on whatever it is told.
      const own = type === 'external-push' ? ['httpScaledObject'] : []
      const told = Object.keys(metadata)
      expect([...own, ...known.map(({ name }) => name)]).toEqual(expect.arrayContaining(told))
      expect(told).toEqual(expect.arrayContaining(needed.map(({ name }) => name)))
    }
  })
})
