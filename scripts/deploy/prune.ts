import { z } from 'zod'
import { groupOf } from './checks.ts'
import type { Manifests } from './overlay.ts'
import { selectorOf } from './send.ts'
import type { Known, Stale, Step } from './step.ts'

/** Kinds that overlays of this repository have, or had. */
export const KINDS = [
  ...['ConfigMap.', 'Secret.', 'Service.', 'ServiceAccount.', 'Deployment.apps'],
  ...['HorizontalPodAutoscaler.autoscaling', 'PodDisruptionBudget.policy'],
  'NetworkPolicy.networking.k8s.io',
  ...['Gateway', 'VirtualService', 'DestinationRule', 'EnvoyFilter'].map(
    (kind) => `${kind}.networking.istio.io`,
  ),
  ...['AuthorizationPolicy', 'PeerAuthentication'].map((kind) => `${kind}.security.istio.io`),
  'Certificate.cert-manager.io',
  ...['PodMonitor', 'PrometheusRule'].map((kind) => `${kind}.monitoring.coreos.com`),
  ...['InferenceService', 'ServingRuntime'].map((kind) => `${kind}.serving.kserve.io`),
  ...['ScaledObject.keda.sh', 'TriggerAuthentication.keda.sh', 'HTTPScaledObject.http.keda.sh'],
  'Service.serving.knative.dev',
]

const Listed = z.object({
  items: z.array(
    z.looseObject({
      apiVersion: z.string(),
      kind: z.string(),
      metadata: z.looseObject({
        name: z.string(),
        namespace: z.string(),
        ownerReferences: z.array(z.unknown()).optional(),
      }),
    }),
  ),
})

/**
 * Removes what earlier deployments have applied and the manifests no longer have. The last step, once
 * the new version serves; and what `kubectl rollout undo` would need stays, for it names an older
 * ConfigMap. kubectl's own ApplySet knows neither, is alpha, and holds one namespace only.
 */
export function pruneSteps(kubectl: readonly string[], to: Manifests): Step[] {
  const hint = 'the new version runs, but what has left the overlay may still be there'
  return [
    {
      command: [...kubectl, '--namespace', to.namespace, 'get', 'replicasets', '--output', 'json'],
      take: (output, known) => {
        known.history = output
      },
      hint,
    },
    {
      command: ({ types }) => [
        ...[...kubectl, 'get', typesOf(to, types), '--all-namespaces'],
        ...['--selector', selectorOf(to.namespace), '--output', 'json'],
      ],
      take: (output, known) => {
        known.stale = staleOf(output, to, known)
      },
      hint,
    },
    {
      command: [...kubectl, 'delete', '--ignore-not-found', '--wait=false', '--filename', '-'],
      input: {
        name: 'what has left the overlay',
        text: ({ stale }) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items: stale }),
      },
      only: { if: 'something has left the overlay', holds: ({ stale }) => stale.length > 0 },
      hint,
    },
  ]
}

/** Those that the cluster serves, as an argument of `kubectl get`. */
function typesOf({ kinds }: Manifests, types: Known['types']): string {
  const used = kinds.map(({ apiVersion, kind }) => `${kind}.${groupOf(apiVersion)}`)
  const all = [...new Set([...KINDS, ...used])].filter((kind) => kind !== 'Namespace.')
  if (!types) return all.map((kind) => kind.replace(/\.$/, '').toLowerCase()).join(',')
  return all.flatMap((kind) => types.get(kind) ?? []).join(',')
}

function staleOf(output: string, to: Manifests, { history }: Known): Stale[] {
  const identity = (apiVersion: string, names: readonly string[]) =>
    [groupOf(apiVersion), ...names].join('/')
  const wanted = new Set(
    to.objects.map(({ apiVersion, kind, namespace, name }) =>
      identity(apiVersion, [kind, namespace, name]),
    ),
  )
  return Listed.parse(JSON.parse(output)).items.flatMap(({ apiVersion, kind, metadata }) => {
    const { name, namespace, ownerReferences } = metadata
    if (wanted.has(identity(apiVersion, [kind, namespace, name]))) return []
    // Controllers copy labels to what they make, and remove that themselves.
    if (ownerReferences || (isConfiguration(kind) && history.includes(`"${name}"`))) return []
    return [{ apiVersion, kind, metadata: { name, namespace } }]
  })
}

const isConfiguration = (kind: string) => kind === 'ConfigMap' || kind === 'Secret'
