import type { Api } from './api.ts'
import { conditionOf, EndpointSlice, Pod } from './objects.ts'
import { until } from './wait.ts'

const SELECTOR = `labelSelector=${encodeURIComponent('app.kubernetes.io/name=polarity')}`
const SERVICE = `labelSelector=${encodeURIComponent('kubernetes.io/service-name=polarity')}`

export interface Watched {
  /** The fewest addresses that the Service sent to at any time. */
  readonly fewestReady: number
  /** The most pods at any time, without those that are ending. */
  readonly mostPods: number
  /** Names of pods that at some time found no node with room. */
  readonly unscheduled: readonly string[]
}

/** What the service's endpoints and pods in a namespace came to while something happened. */
export async function watched(
  api: Api,
  namespace: string,
  action: () => Promise<void>,
): Promise<Watched> {
  const watch = await Watch.start(api, namespace)
  try {
    await action()
    return watch.sums()
  } finally {
    watch.stop()
  }
}

/** Every change of them. */
class Watch {
  readonly #slices = new Map<string, number>()
  readonly #pods = new Map<string, Pod>()
  readonly #stops: readonly (() => void)[]
  readonly #readyCounts: number[] = []
  readonly #podCounts: number[] = []
  readonly #unscheduled = new Set<string>()

  private constructor(api: Api, namespace: string) {
    const slices = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?${SERVICE}`
    this.#stops = [
      api.watch(slices, ({ type, object }) => {
        const slice = EndpointSlice.parse(object)
        this.#slices.set(slice.metadata.name, type === 'DELETED' ? 0 : readyOf(slice))
        const ready = [...this.#slices.values()].reduce((sum, count) => sum + count, 0)
        this.#readyCounts.push(ready)
      }),
      api.watch(`/api/v1/namespaces/${namespace}/pods?${SELECTOR}`, ({ type, object }) => {
        const pod = Pod.parse(object)
        if (type === 'DELETED') this.#pods.delete(pod.metadata.uid)
        else this.#pods.set(pod.metadata.uid, pod)
        this.#count()
      }),
    ]
  }

  /** Resolves once it sees what is there. */
  static async start(api: Api, namespace: string): Promise<Watch> {
    const watch = new Watch(api, namespace)
    const sees = () => watch.#readyCounts.length > 0 && watch.#podCounts.length > 0
    await until('endpoints and pods to watch', 30, async () => sees() || undefined)
    return watch
  }

  #count(): void {
    const staying = [...this.#pods.values()].filter(
      ({ metadata }) => metadata.deletionTimestamp === undefined,
    )
    this.#podCounts.push(staying.length)
    for (const pod of staying)
      if (conditionOf(pod, 'PodScheduled')?.reason === 'Unschedulable')
        this.#unscheduled.add(pod.metadata.name)
  }

  stop(): void {
    for (const stop of this.#stops) stop()
  }

  sums(): Watched {
    return {
      fewestReady: Math.min(...this.#readyCounts),
      mostPods: Math.max(...this.#podCounts),
      unscheduled: [...this.#unscheduled],
    }
  }
}

const readyOf = ({ endpoints }: EndpointSlice): number =>
  (endpoints ?? []).filter(({ conditions }) => conditions.ready).length
