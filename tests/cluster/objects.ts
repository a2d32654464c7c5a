import { z } from 'zod'

/** What the API server says of objects, as far as the tests read it. */

const Named = z.object({ name: z.string() })
const Ref = z.object({
  name: z.string(),
  key: z.string().optional(),
  optional: z.boolean().optional(),
})

const Container = z.object({
  name: z.string(),
  image: z.string(),
  env: z
    .array(
      z.object({
        valueFrom: z.object({ secretKeyRef: Ref, configMapKeyRef: Ref }).partial().optional(),
      }),
    )
    .default([]),
  envFrom: z.array(z.object({ secretRef: Ref, configMapRef: Ref }).partial()).default([]),
  lifecycle: z
    .object({
      preStop: z.object({ sleep: z.object({ seconds: z.number() }).optional() }).optional(),
    })
    .optional(),
})

export const Pod = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
    deletionTimestamp: z.string().optional(),
    deletionGracePeriodSeconds: z.number().optional(),
  }),
  spec: z.object({
    nodeName: z.string().optional(),
    restartPolicy: z.string().optional(),
    containers: z.array(Container),
    volumes: z
      .array(
        z.object({
          secret: z.object({ secretName: z.string(), optional: z.boolean().optional() }).optional(),
          configMap: Named.extend({ optional: z.boolean().optional() }).optional(),
        }),
      )
      .default([]),
  }),
  status: z.object({
    phase: z.string().optional(),
    conditions: z
      .array(
        z.object({
          type: z.string(),
          status: z.string(),
          reason: z.string().optional(),
          message: z.string().optional(),
        }),
      )
      .default([]),
  }),
})
export type Pod = z.infer<typeof Pod>

/** Of a condition such as `Ready`. */
export const conditionOf = (pod: Pod, type: string) =>
  pod.status.conditions.find((condition) => condition.type === type)

export const isReady = (pod: Pod): boolean =>
  pod.metadata.deletionTimestamp === undefined && conditionOf(pod, 'Ready')?.status === 'True'

export const Node = z.object({
  metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()) }),
  spec: z.object({ taints: z.array(z.object({ key: z.string() })).default([]) }),
})

export const EndpointSlice = z.object({
  metadata: Named,
  ports: z.array(z.object({ name: z.string(), port: z.number() })).nullish(),
  endpoints: z
    .array(
      z.object({
        addresses: z.array(z.string()),
        conditions: z.object({ ready: z.boolean().optional() }),
        zone: z.string().optional(),
      }),
    )
    .nullish(),
})
export type EndpointSlice = z.infer<typeof EndpointSlice>

export const Deployment = z.object({
  metadata: z.object({ generation: z.number() }),
  spec: z.object({
    replicas: z.number(),
    template: z.object({ spec: z.object({ containers: z.array(Container) }) }),
  }),
  status: z.object({
    observedGeneration: z.number().default(0),
    replicas: z.number().default(0),
    updatedReplicas: z.number().default(0),
    readyReplicas: z.number().default(0),
  }),
})

export const DisruptionBudget = z.object({
  status: z.object({ expectedPods: z.number(), disruptionsAllowed: z.number() }),
})

export const Autoscaler = z.object({
  status: z.object({
    desiredReplicas: z.number(),
    conditions: z
      .array(
        z.object({ type: z.string(), status: z.string(), reason: z.string(), message: z.string() }),
      )
      .default([]),
  }),
})
