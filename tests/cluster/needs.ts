import { z } from 'zod'
import type { Api } from './api.ts'
import type { Pod } from './objects.ts'

const Keyed = z.object({ data: z.record(z.string(), z.string()).default({}) })

/** A Secret or ConfigMap without which a pod does not start; or one key of it. */
interface Need {
  readonly kind: 'secrets' | 'configmaps'
  readonly name: string
  readonly key?: string | undefined
}

type Ref = {
  readonly name: string
  readonly key?: string | undefined
  readonly optional?: boolean | undefined
}

/** What a pod does not start without. */
function needsOf({ spec }: Pod): Need[] {
  const need = (kind: Need['kind'], ref: Ref | undefined): Need[] =>
    ref && !ref.optional ? [{ kind, name: ref.name, key: ref.key }] : []
  const ofEnvironment = spec.containers.flatMap(({ env, envFrom }) => [
    ...envFrom.flatMap((from) => need('secrets', from.secretRef)),
    ...envFrom.flatMap((from) => need('configmaps', from.configMapRef)),
    ...env.flatMap(({ valueFrom }) => need('secrets', valueFrom?.secretKeyRef)),
    ...env.flatMap(({ valueFrom }) => need('configmaps', valueFrom?.configMapKeyRef)),
  ])
  const ofVolumes = spec.volumes.flatMap(({ secret, configMap }) => [
    ...need('secrets', secret && { ...secret, name: secret.secretName }),
    ...need('configmaps', configMap),
  ])
  return [...ofEnvironment, ...ofVolumes]
}

/** The first thing that a pod waits for, as the kubelet would say it; undefined if it can start. */
export async function missingOf(api: Api, pod: Pod): Promise<string | undefined> {
  for (const { kind, name, key } of needsOf(pod)) {
    const found = await api.get(
      `/api/v1/namespaces/${pod.metadata.namespace}/${kind}/${name}`,
      Keyed,
    )
    if (!found) return `${kind} "${name}" not found`
    if (key !== undefined && !(key in found.data))
      return `couldn't find key ${key} in ${kind} ${name}`
  }
  return undefined
}
