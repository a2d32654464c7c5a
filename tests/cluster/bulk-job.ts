import { z } from 'zod'
import type { Api } from './api.ts'
import { Pod } from './objects.ts'
import { until } from './wait.ts'

/** Of the overlay. */
export const NAMESPACE = 'polarity-bulk'
const PODS = `/api/v1/namespaces/${NAMESPACE}/pods`
const INDEX = 'batch.kubernetes.io/job-completion-index'

const Job = z.object({
  status: z.object({
    completedIndexes: z.string().default(''),
    failedIndexes: z.string().default(''),
    failed: z.number().default(0),
    conditions: z
      .array(z.object({ type: z.string(), status: z.string(), reason: z.string().default('') }))
      .default([]),
  }),
})
export type Job = z.infer<typeof Job>

/** Waits until a Job is `Complete`, `Failed` or the like. */
export function jobThatIs(api: Api, name: string, type: string): Promise<Job> {
  return until(`the Job ${name} to be ${type}`, 120, async () => {
    const job = await api.get(`/apis/batch/v1/namespaces/${NAMESPACE}/jobs/${name}`, Job)
    return job?.status.conditions.some((one) => one.type === type && one.status === 'True')
      ? job
      : undefined
  })
}

/** Of the pods of the shards the index; of the others none. */
export const indexOf = ({ metadata }: Pod): string | undefined => metadata.labels[INDEX]

export async function podsOf(api: Api, index: string): Promise<Pod[]> {
  return (await api.list(PODS, Pod)).filter((pod) => indexOf(pod) === index)
}

/** Evicts the pod of a shard, once that runs, as whoever drains its node does. Resolves with the answer's status. */
export async function evictShard(api: Api, index: string): Promise<number> {
  const { metadata } = await until(`shard ${index} to run`, 60, async () =>
    (await podsOf(api, index)).find(({ status }) => status.phase === 'Running'),
  )
  const { name } = metadata
  const { status } = await api.call({
    method: 'POST',
    path: `${PODS}/${name}/eviction`,
    body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name } },
  })
  return status
}

/** For the claim of the overlay; nobody mounts it. */
export const VOLUME = {
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: 'bulk' },
  spec: {
    capacity: { storage: '100Gi' },
    accessModes: ['ReadWriteMany'],
    storageClassName: 'azurefile-csi',
    nfs: { server: '192.168.0.1', path: '/' },
  },
}
