import { z } from 'zod'
import { type Overlay, type Resource, render } from './rendered.ts'

const SecurityContext = z.object({
  allowPrivilegeEscalation: z.boolean(),
  readOnlyRootFilesystem: z.boolean(),
  capabilities: z.object({ drop: z.array(z.string()), add: z.array(z.string()).optional() }),
  privileged: z.boolean().optional(),
})

const Probe = z.object({
  httpGet: z.object({ path: z.string(), port: z.string() }).optional(),
  exec: z.object({ command: z.array(z.string()) }).optional(),
  periodSeconds: z.number(),
  timeoutSeconds: z.number(),
  failureThreshold: z.number(),
})

const Amounts = z.object({ cpu: z.string(), memory: z.string() })

/** Strict in what policies check: a missing field fails here, with its path. */
const Container = z.object({
  name: z.string(),
  image: z.string(),
  env: z.array(z.looseObject({ name: z.string(), value: z.string().optional() })).default([]),
  envFrom: z.array(z.object({ configMapRef: z.object({ name: z.string() }) })).default([]),
  ports: z.array(z.object({ name: z.string(), containerPort: z.number() })),
  startupProbe: Probe,
  readinessProbe: Probe,
  livenessProbe: Probe,
  lifecycle: z
    .object({ preStop: z.object({ sleep: z.object({ seconds: z.number() }) }) })
    .optional(),
  resources: z.object({ requests: Amounts, limits: Amounts }),
  securityContext: SecurityContext,
})
type Container = z.infer<typeof Container>

const Pod = z.object({
  serviceAccountName: z.string(),
  automountServiceAccountToken: z.boolean(),
  enableServiceLinks: z.boolean(),
  terminationGracePeriodSeconds: z.number(),
  hostNetwork: z.boolean().optional(),
  volumes: z.array(z.record(z.string(), z.unknown())).default([]),
  securityContext: z.object({
    runAsNonRoot: z.boolean(),
    runAsUser: z.number(),
    seccompProfile: z.object({ type: z.string() }),
  }),
})
type Pod = z.infer<typeof Pod>

interface Workload {
  readonly name: string
  readonly pod: Pod
  readonly containers: Container[]
}

const Deployment = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    template: z.object({ spec: Pod.extend({ containers: z.array(Container) }) }),
  }),
})
const Runtime = z.object({ spec: z.object({ containers: z.array(Container) }) })
const InferenceService = z.object({ spec: z.object({ predictor: Pod }) })

/** The pod templates of an overlay, of all kinds of objects. */
export function workloadsOf(overlay: Overlay): Workload[] {
  const resources = render(overlay)
  const deployed = resources.filter(({ kind }) => kind === 'Deployment').map(toWorkload)
  const service = resources.find(({ kind }) => kind === 'InferenceService')
  if (!service) return deployed
  const runtime = Runtime.parse(resources.find(({ kind }) => kind === 'ServingRuntime'))
  const pod = InferenceService.parse(service).spec.predictor
  return [...deployed, { name: service.metadata.name, pod, containers: runtime.spec.containers }]
}

function toWorkload(resource: Resource): Workload {
  const { metadata, spec } = Deployment.parse(resource)
  const { containers, ...pod } = spec.template.spec
  return { name: metadata.name, pod, containers }
}
