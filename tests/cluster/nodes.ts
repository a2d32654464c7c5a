import type { Api } from './api.ts'
import { Node } from './objects.ts'
import { until } from './wait.ts'

/**
 * What AKS leaves to pods of a Standard_D4as_v5, with 4 cores and 16 GiB: 140 millicores are reserved;
 * of memory a quarter (at 250 pods a node), 100 MiB for eviction, and what the kernel keeps.
 * https://learn.microsoft.com/azure/aks/node-resource-reservations
 */
const ALLOCATABLE = { cpu: '3860m', memory: '11900Mi', pods: '250', 'ephemeral-storage': '100Gi' }
const CAPACITY = { ...ALLOCATABLE, cpu: '4', memory: '16000Mi' }

/**
 * What else runs there, by requests: on each node network, storage drivers and the node's manager (an
 * assumption); on two of them istiod, a gateway, DNS and metrics (the defaults of their projects).
 */
const SYSTEM = { cpu: 400, memory: 700 }
const ADD_ONS = { cpu: 500 + 100 + 100 + 100, memory: 2048 + 128 + 70 + 200 }
const NODES_WITH_ADD_ONS = 2

const ZONES = 3
const LEASES = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases'
const HEARTBEAT_MS = 5000

/** Nodes of AKS in three zones, which say that they live. */
export class Nodes {
  readonly #api: Api
  readonly #names: string[] = []
  readonly #heartbeat: NodeJS.Timeout

  constructor(api: Api) {
    this.#api = api
    this.#heartbeat = setInterval(() => {
      for (const name of this.#names) void this.#renew(name).catch(() => {})
    }, HEARTBEAT_MS)
  }

  get count(): number {
    return this.#names.length
  }

  /** Adds nodes until there are so many, and waits until pods can be scheduled on them. */
  async grow(count: number): Promise<void> {
    for (let i = this.#names.length; i < count; i++) await this.#add(`node-${i}`, i)
    await until(`${count} nodes without taints`, 60, async () => {
      const nodes = await this.#api.list('/api/v1/nodes', Node)
      return nodes.every(({ spec }) => spec.taints.length === 0) || undefined
    })
  }

  async #add(name: string, index: number): Promise<void> {
    const labels = {
      'kubernetes.io/hostname': name,
      'kubernetes.io/os': 'linux',
      'kubernetes.io/arch': 'amd64',
      'topology.kubernetes.io/region': 'westeurope',
      'topology.kubernetes.io/zone': `westeurope-${(index % ZONES) + 1}`,
    }
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name, labels } }
    await this.#api.create('/api/v1/nodes', node)
    await this.#api.merge(`/api/v1/nodes/${name}/status`, { status: statusOf(index) })
    await this.#renew(name)
    await this.#api.create('/api/v1/namespaces/kube-system/pods', systemPod(name, index))
    this.#names.push(name)
  }

  async #renew(name: string): Promise<void> {
    // Microseconds, as the API has it.
    const renewTime = new Date().toISOString().replace('Z', '000Z')
    const spec = { holderIdentity: name, leaseDurationSeconds: 40, renewTime }
    if (await this.#api.merge(`${LEASES}/${name}`, { spec })) return
    const metadata = { name, namespace: 'kube-node-lease' }
    await this.#api.create(LEASES, {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata,
      spec,
    })
  }

  stop(): void {
    clearInterval(this.#heartbeat)
  }
}

function statusOf(index: number): object {
  const now = new Date().toISOString()
  const condition = (type: string, status: string) => ({
    ...{ type, status, reason: 'Test', message: '' },
    ...{ lastHeartbeatTime: now, lastTransitionTime: now },
  })
  const pressures = ['MemoryPressure', 'DiskPressure', 'PIDPressure']
  return {
    ...{ capacity: CAPACITY, allocatable: ALLOCATABLE },
    conditions: [condition('Ready', 'True'), ...pressures.map((type) => condition(type, 'False'))],
    addresses: [{ type: 'InternalIP', address: `192.168.0.${index + 10}` }],
  }
}

function systemPod(nodeName: string, index: number): object {
  const addOns = index < NODES_WITH_ADD_ONS ? ADD_ONS : { cpu: 0, memory: 0 }
  const requests = {
    cpu: `${SYSTEM.cpu + addOns.cpu}m`,
    memory: `${SYSTEM.memory + addOns.memory}Mi`,
  }
  return {
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: {
      ...{ name: `system-${nodeName}`, namespace: 'kube-system' },
      // As of a pod that the node starts by itself: a drain leaves it.
      annotations: { 'kubernetes.io/config.mirror': 'test' },
    },
    spec: {
      nodeName,
      tolerations: [{ operator: 'Exists' }],
      containers: [{ name: 'system', image: 'system', resources: { requests } }],
    },
  }
}
