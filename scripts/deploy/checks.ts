import { z } from 'zod'
import type { Manifests } from './overlay.ts'
import { missingRoom } from './room.ts'
import type { Known, Step } from './step.ts'

const UNREAD = 'the cluster does not answer: look at the context of kubectl'

/** What brings a kind into the cluster, by its API group. */
const BROUGHT_BY: Readonly<Record<string, string>> = {
  'cert-manager.io': 'cert-manager',
  'monitoring.coreos.com': 'the Prometheus operator',
  'http.keda.sh': "KEDA's HTTP add-on",
  'keda.sh': 'KEDA',
  'networking.istio.io': 'Istio',
  'security.istio.io': 'Istio',
  'serving.kserve.io': 'KServe',
}

/** What makes a secret. */
const MADE_BY: Readonly<Record<string, string>> = {
  'polarity-api-keys': 'the API keys of the service',
  'polarity-azure-redis': "the address of Azure's Redis",
}

/** Where the checks ask, and what they may let pass. */
interface Asked {
  readonly kubectl: readonly string[]
  readonly to: Manifests
  /** The file of the namespace, for whoever has to change it. */
  readonly overlay: string
  /** A deployment may wait for a new node. */
  readonly crowded: boolean
}

/** Asks the cluster, before anything is built, for what the manifests need. */
export function checkSteps(asked: Asked): Step[] {
  const { kubectl, to } = asked
  return [
    {
      command: [...kubectl, 'api-resources', '--no-headers'],
      take: takeTypes(to),
      // An API of somebody else's that does not answer (metrics, mostly) makes it fail, after the list.
      partial: true,
      hint: UNREAD,
    },
    ...to.secrets.filter((name) => name !== 'polarity-redis').map(secretStep(asked)),
    ...(to.revision === undefined ? [] : [meshStep(asked, to.revision)]),
    ...(asked.crowded ? [] : roomSteps(asked)),
    {
      command: [...kubectl, 'get', 'namespace', to.namespace, ...NAMES],
      take: (output, known) => {
        known.hasNamespace = output.trim() !== ''
      },
      hint: UNREAD,
    },
  ]
}

const NAMES = ['--ignore-not-found', '--output', 'name'] as const

/** Of a table without headings: name, short names that may be missing, version, scope, kind. */
function takeTypes({ kinds }: Manifests) {
  return (output: string, known: Known) => {
    const rows = output.split('\n').map((line) => line.trim().split(/\s+/))
    const types = rows.flatMap((row): [string, string][] => {
      const [version = '', , kind = ''] = row.slice(-3)
      if (row.length < 4) return []
      const group = groupOf(version)
      return [[`${kind}.${group}`, group ? `${row[0]}.${group}` : `${row[0]}`]]
    })
    known.types = new Map(types)
    for (const { apiVersion, kind } of kinds) {
      const group = groupOf(apiVersion)
      if (known.types.has(`${kind}.${group}`)) continue
      const how = BROUGHT_BY[group] ?? 'what brings it'
      throw new Error(
        `the cluster has no ${kind} of ${apiVersion}: install ${how}, or remove its component from the overlay`,
      )
    }
  }
}

/** Empty for the core's. */
export const groupOf = (apiVersion: string): string => apiVersion.split('/').at(-2) ?? ''

const secretStep =
  ({ kubectl, to }: Asked) =>
  (name: string): Step => ({
    command: [...kubectl, '--namespace', to.namespace, 'get', 'secret', name, '--output', 'name'],
    take: () => {},
    hint: `${MADE_BY[name] ?? `the secret ${name}`} must be in the namespace before: docs/aks.md has how to make it`,
  })

const Webhooks = z.object({
  items: z.array(
    z.looseObject({
      metadata: z.looseObject({ labels: z.record(z.string(), z.string()).default({}) }),
    }),
  ),
})

/** A label of a revision that is not there has no effect at all: pods would run without sidecars. */
function meshStep({ kubectl, overlay }: Asked, wanted: string): Step {
  const webhooks = ['get', 'mutatingwebhookconfigurations', '--selector', 'istio.io/rev']
  return {
    command: [...kubectl, ...webhooks, '--output', 'json'],
    take: (output) => {
      const there = Webhooks.parse(JSON.parse(output)).items.flatMap(({ metadata }) =>
        ['istio.io/rev', 'istio.io/tag'].flatMap((name) => metadata.labels[name] ?? []),
      )
      if (there.includes(wanted)) return
      const has = there.length > 0 ? [...new Set(there)].join(', ') : 'no mesh'
      throw new Error(
        `the mesh has no revision ${wanted}, the cluster has ${has}: put the right one into ${overlay}/kustomization.yaml`,
      )
    },
    hint: UNREAD,
  }
}

/** A rollout starts a pod before it stops one, and takes no longer than the time a new node takes. */
function roomSteps({ kubectl, to }: Asked): Step[] {
  const hint =
    'nodes and pods must be readable to see whether one more replica fits, or say --crowded'
  let nodes = ''
  return [
    {
      command: [...kubectl, 'get', 'nodes', '--output', 'json'],
      take: (output) => {
        nodes = output
      },
      hint,
    },
    {
      command: [...kubectl, 'get', 'pods', '--all-namespaces', '--output', 'json'],
      take: (pods) => {
        const hasSidecar = to.revision !== undefined
        const missing = missingRoom({ pod: to.pod, hasSidecar, nodes, pods })
        if (!missing) return
        throw new Error(
          `no node has ${missing} left for one more replica: add a node, or say --crowded to wait for the cluster's autoscaler`,
        )
      },
      hint,
    },
  ]
}
