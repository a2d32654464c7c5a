import { z } from 'zod'
import { parseManifests, type Resource } from './manifests.ts'
import { conditionOf, DisruptionBudget, EndpointSlice, Pod } from './objects.ts'
import { NAMESPACE, type Part, REPLICAS, readyPods, rolledOut, type Scene } from './scene.ts'
import { expect, until } from './wait.ts'

const SLICES = `/apis/discovery.k8s.io/v1/namespaces/${NAMESPACE}/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dpolarity`
const BUDGET = `/apis/policy/v1/namespaces/${NAMESPACE}/poddisruptionbudgets/polarity`
const SERVED = '8000'

/** Production after its first deployment, on three nodes. */
export const placed: Part = async (scene) => {
  const { report, nodes } = scene
  await report.case(`${nodes.count} nodes of AKS hold production`, async () => {
    await rolledOut(scene, 60).catch(async (error) => {
      throw new Error(`${error.message}: ${await unscheduled(scene)}`, { cause: error })
    })
    return `${(await readyPods(scene)).length} replicas ready`
  })
  await report.case('the autoscaler has a replica in each zone, all in the Service', () =>
    spread(scene),
  )
  await report.case('every pod of production has its sidecar', async () => {
    const pods = await readyPods(scene)
    const bare = pods.filter(({ spec }) => spec.containers.every((c) => c.name !== 'istio-proxy'))
    expect(pods.length > 0 && bare.length === 0, `${bare.length} of ${pods.length} have none`)
  })
  await report.case('the disruption budget lets one replica go', async () => {
    const budget = await until('a budget of one', 10, async () => {
      const found = await scene.plane.api.get(BUDGET, DisruptionBudget)
      return found?.status.disruptionsAllowed === 1 ? found : undefined
    })
    expect(budget.status.expectedPods === REPLICAS, `of ${budget.status.expectedPods}`)
  })
  await report.case('each selector of production finds pods', () => selected(scene))
}

async function unscheduled({ plane }: Scene): Promise<string> {
  const pods = await plane.api.list(`/api/v1/namespaces/${NAMESPACE}/pods`, Pod)
  const reasons = pods.flatMap((pod) => {
    const { reason, message = '' } = conditionOf(pod, 'PodScheduled') ?? {}
    return reason === 'Unschedulable' ? [`${pod.metadata.name}: ${message}`] : []
  })
  return reasons.join('; ') || 'all have a node'
}

async function spread({ plane }: Scene): Promise<string> {
  const slices = await plane.api.list(SLICES, EndpointSlice)
  const ends = slices.flatMap(({ endpoints }) => endpoints ?? [])
  const ready = ends.filter(({ conditions }) => conditions.ready)
  const zones = new Set(ready.map(({ zone }) => zone))
  const ports = new Set(slices.flatMap(({ ports: list }) => list ?? []).map(({ port }) => port))
  expect(ready.length === REPLICAS, `${ready.length} endpoints are ready`)
  expect(zones.size === REPLICAS, `they lie in ${[...zones].join(', ')}`)
  expect([...ports].join() === SERVED, `they are asked on ${[...ports].join(', ')}`)
  return [...zones].join(', ')
}

const Labels = z.record(z.string(), z.string())
const Matching = z.object({ matchLabels: Labels })

/** Where objects say which pods they are about. */
const SELECTORS: Readonly<Record<string, z.ZodType<Record<string, string>>>> = {
  Service: z.object({ selector: Labels }).transform(({ selector }) => selector),
  NetworkPolicy: z
    .object({ podSelector: Matching })
    .transform(({ podSelector }) => podSelector.matchLabels),
  EnvoyFilter: z
    .object({ workloadSelector: z.object({ labels: Labels }) })
    .transform(({ workloadSelector }) => workloadSelector.labels),
  ...Object.fromEntries(
    [
      ...['PodDisruptionBudget', 'PodMonitor'],
      ...['AuthorizationPolicy', 'PeerAuthentication'],
    ].map((kind) => [
      kind,
      z.object({ selector: Matching }).transform(({ selector }) => selector.matchLabels),
    ]),
  ),
}

async function selected({ plane, production }: Scene): Promise<string> {
  const pods = await plane.api.list(`/api/v1/namespaces/${NAMESPACE}/pods`, Pod)
  const about = parseManifests(production).flatMap((resource) => {
    const labels = labelsOf(resource)
    return labels ? [{ name: `${resource.kind} ${resource.metadata.name}`, labels }] : []
  })
  for (const { name, labels } of about) {
    const found = pods.filter(({ metadata }) =>
      Object.entries(labels).every(([key, value]) => metadata.labels[key] === value),
    )
    expect(found.length > 0, `${name} finds none by ${JSON.stringify(labels)}`)
  }
  return `${about.length} objects`
}

function labelsOf({ kind, spec }: Resource): Record<string, string> | undefined {
  return SELECTORS[kind]?.parse(spec)
}
