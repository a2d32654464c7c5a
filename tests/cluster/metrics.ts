import type { Api } from './api.ts'
import { Pod } from './objects.ts'

/** What the ready pods of the service share evenly. */
export interface Load {
  cores: number
  queueTokens: number
}

const CONTAINER = 'polarity'
/** `Pods` metrics of the autoscaler come by this name. */
const QUEUE = 'polarity_queue_tokens'

/** Answers as metrics-server and the Prometheus adapter do; undefined for what they would not know. */
export async function answerMetrics(api: Api, url: URL, load: Load): Promise<object | undefined> {
  const [, group, version, , namespace] = url.pathname.split('/').filter(Boolean)
  const groupVersion = `${group}/${version}`
  if (!version) return undefined
  if (!namespace) return resourcesOf(groupVersion)
  const selector = url.searchParams.get('labelSelector') ?? ''
  const path = `/api/v1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent(selector)}`
  const pods = (await api.list(path, Pod)).filter(({ status }) => status.phase === 'Running')
  if (group === 'metrics.k8s.io')
    return {
      ...{ kind: 'PodMetricsList', apiVersion: groupVersion, metadata: {} },
      items: pods.map((pod) => usageOf(pod, load.cores / pods.length)),
    }
  return {
    ...{ kind: 'MetricValueList', apiVersion: groupVersion, metadata: {} },
    items: pods.map((pod) => queueOf(pod, load.queueTokens / pods.length)),
  }
}

function resourcesOf(groupVersion: string): object {
  const common = { singularName: '', namespaced: true, verbs: ['get', 'list'] }
  const resource = groupVersion.startsWith('custom')
    ? { ...common, name: `pods/${QUEUE}`, kind: 'MetricValueList' }
    : { ...common, name: 'pods', kind: 'PodMetrics' }
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: [resource] }
}

/** The sidecar is busy, which must count for nothing. */
function usageOf({ metadata, spec }: Pod, cores: number): object {
  const { name, namespace, labels } = metadata
  const usage = (container: string) => (container === CONTAINER ? Math.round(cores * 1000) : 2000)
  return {
    ...{
      metadata: { name, namespace, labels },
      timestamp: new Date().toISOString(),
      window: '15s',
    },
    containers: spec.containers.map((container) => ({
      name: container.name,
      usage: { cpu: `${usage(container.name)}m`, memory: '300Mi' },
    })),
  }
}

function queueOf({ metadata }: Pod, tokens: number): object {
  const { name, namespace } = metadata
  return {
    describedObject: { kind: 'Pod', namespace, name, apiVersion: '/v1' },
    metric: { name: QUEUE },
    timestamp: new Date().toISOString(),
    value: `${Math.round(tokens)}`,
  }
}
