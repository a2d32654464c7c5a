import { z } from 'zod'

const UNITS: Readonly<Record<string, number>> = {
  ...{ '': 1, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 },
}

/** A quantity of Kubernetes as a number: cores, or bytes. */
const Quantity = z.union([z.string(), z.number()]).transform((quantity) => {
  const [, number = '', unit = ''] = /^([\d.]+(?:e\d+)?)([kMGTm]?i?)$/i.exec(`${quantity}`) ?? []
  return Number(number) * (UNITS[unit] ?? Number.NaN)
})
const Amounts = z.looseObject({ cpu: Quantity.default(0), memory: Quantity.default(0) })
/** Cores and bytes. */
type Amounts = Pick<z.infer<typeof Amounts>, 'cpu' | 'memory'>

const NONE: Amounts = { cpu: 0, memory: 0 }
const Container = z.looseObject({
  name: z.string(),
  restartPolicy: z.string().optional(),
  resources: z.looseObject({ requests: Amounts.default(NONE) }).default({ requests: NONE }),
})
const PodSpec = z.looseObject({
  containers: z.array(Container),
  initContainers: z.array(Container).default([]),
  nodeName: z.string().optional(),
  nodeSelector: z.record(z.string(), z.string()).default({}),
  tolerations: z.array(z.looseObject({ key: z.string().optional() })).default([]),
  overhead: Amounts.default(NONE),
})
type PodSpec = z.infer<typeof PodSpec>
const Pods = z.object({
  items: z.array(
    z.looseObject({
      metadata: z.looseObject({ labels: z.record(z.string(), z.string()).default({}) }),
      spec: PodSpec,
      status: z.looseObject({ phase: z.string().optional() }),
    }),
  ),
})
const Node = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
  }),
  spec: z.looseObject({
    unschedulable: z.boolean().optional(),
    taints: z.array(z.looseObject({ key: z.string(), effect: z.string() })).default([]),
  }),
  status: z.looseObject({
    allocatable: z.looseObject({ cpu: Quantity, memory: Quantity, pods: Quantity }),
  }),
})
type Node = z.infer<typeof Node>
const Nodes = z.object({ items: z.array(Node) })

/** What Istio's sidecar asks for unless it is told otherwise. */
const SIDECAR: Amounts = { cpu: 0.1, memory: 128 * 2 ** 20 }

/** The question whether one more pod fits on some node. */
export interface Surge {
  /** Its spec in the manifests. */
  readonly pod: unknown
  /** The mesh adds a sidecar. */
  readonly hasSidecar: boolean
  /** Answers of `kubectl get nodes` and of `kubectl get pods --all-namespaces`, in JSON. */
  readonly nodes: string
  readonly pods: string
}

/** What one more pod asks for, in words, if no node has that; undefined if one has. */
export function missingRoom({ pod, hasSidecar, nodes, pods }: Surge): string | undefined {
  const spec = PodSpec.parse({ ...z.looseObject({}).parse(pod) })
  const running = Pods.parse(JSON.parse(pods)).items.filter(
    ({ status }) => status.phase !== 'Succeeded' && status.phase !== 'Failed',
  )
  const ours = running.filter(({ metadata }) => metadata.labels['app.kubernetes.io/name'] === NAME)
  const wanted = sum([
    requestOf(spec),
    hasSidecar ? sidecarOf(ours.map((each) => each.spec)) : NONE,
  ])
  const fits = Nodes.parse(JSON.parse(nodes)).items.some((node) => {
    const there = running.filter((each) => each.spec.nodeName === node.metadata.name)
    const used = sum(there.map((each) => requestOf(each.spec)))
    const { cpu, memory, pods: most } = node.status.allocatable
    const isFree = used.cpu + wanted.cpu <= cpu && used.memory + wanted.memory <= memory
    return isFree && there.length < most && takes(node, spec)
  })
  const amount = `${Math.round(wanted.cpu * 1000)}m CPU and ${Math.ceil(wanted.memory / 2 ** 20)}Mi`
  return fits ? undefined : amount
}

const NAME = 'polarity'

/** The scheduler would consider the node: a taint is tolerated by its key, whatever else it says. */
function takes({ metadata, spec }: Node, { nodeSelector, tolerations }: PodSpec): boolean {
  const isSelected = Object.entries(nodeSelector).every(
    ([label, value]) => metadata.labels[label] === value,
  )
  const isTolerated = spec.taints.every(
    ({ key, effect }) =>
      effect === 'PreferNoSchedule' || tolerations.some((each) => (each.key ?? key) === key),
  )
  return isSelected && isTolerated && !spec.unschedulable
}

/** As the scheduler reckons: what runs together, or one plain init container if that asks for more. */
function requestOf({ containers, initContainers, overhead }: PodSpec): Amounts {
  const requests = (list: PodSpec['containers']) => list.map(({ resources }) => resources.requests)
  const stays = (container: { restartPolicy?: string | undefined }) =>
    container.restartPolicy === 'Always'
  const together = sum(requests([...containers, ...initContainers.filter(stays)]))
  const before = requests(initContainers.filter((container) => !stays(container)))
  return sum([largest([together, ...before]), overhead])
}

/** As in pods that have one. */
function sidecarOf(pods: readonly PodSpec[]): Amounts {
  const proxies = pods.flatMap(({ containers, initContainers }) =>
    [...containers, ...initContainers].filter(({ name }) => name === 'istio-proxy'),
  )
  return proxies.length > 0 ? largest(proxies.map((each) => each.resources.requests)) : SIDECAR
}

const sum = (amounts: readonly Amounts[]): Amounts => ({
  cpu: amounts.reduce((total, { cpu }) => total + cpu, 0),
  memory: amounts.reduce((total, { memory }) => total + memory, 0),
})

const largest = (amounts: readonly Amounts[]): Amounts => ({
  cpu: Math.max(...amounts.map(({ cpu }) => cpu)),
  memory: Math.max(...amounts.map(({ memory }) => memory)),
})
