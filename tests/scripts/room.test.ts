import { describe, expect, it } from 'vitest'
import { missingRoom, type Surge } from '../../scripts/deploy/room.ts'
import { listOf } from './cluster.ts'

const container = (cpu: string, memory = '0', more: object = {}) => ({
  name: 'polarity',
  resources: { requests: { cpu, memory } },
  ...more,
})
const nodeOf = (allocatable: object, spec: object = {}) => ({
  metadata: { name: 'one', labels: { pool: 'a' } },
  spec,
  status: { allocatable: { cpu: '4', memory: '8Gi', pods: '10', ...allocatable } },
})
const podOf = (spec: object, phase = 'Running', labels: object = {}) => ({
  metadata: { labels },
  spec: { nodeName: 'one', containers: [], ...spec },
  status: { phase },
})

/** Whether a pod of 1,500m and 512Mi fits beside others on a node; else what it would take. */
function missing(node: object, pods: readonly object[], surge: Partial<Surge> = {}) {
  const pod = { containers: [container('1500m', '512Mi')] }
  const there = { nodes: listOf(node), pods: listOf(...pods) }
  return missingRoom({ pod, hasSidecar: false, ...there, ...surge })
}

describe('the room for one more replica', () => {
  it.each([
    ['exactly what is left', nodeOf({ cpu: '3' }), [podOf({ containers: [container('1.5')] })]],
    [
      'what a finished pod has left',
      nodeOf({}),
      [podOf({ containers: [container('4')] }, 'Succeeded')],
    ],
    [
      'what another node has not',
      nodeOf({}),
      [podOf({ nodeName: 'two', containers: [container('4')] })],
    ],
    [
      'a node with a soft taint',
      nodeOf({}, { taints: [{ key: 'a', effect: 'PreferNoSchedule' }] }),
      [],
    ],
    ['memory in plain bytes', nodeOf({ memory: '536870912' }), []],
    ['memory in decimal kilobytes', nodeOf({ memory: '536871k' }), []],
  ])('is there: %s', (_, node, pods) => {
    expect(missing(node, pods)).toBeUndefined()
  })

  it.each([
    ['cores', nodeOf({ cpu: '2900m' }), [podOf({ containers: [container('1500m')] })]],
    ['memory', nodeOf({ memory: '512Mi' }), [podOf({ containers: [container('0', '1')] })]],
    ['pods', nodeOf({ pods: '1' }), [podOf({})]],
    ['a node that takes pods', nodeOf({}, { unschedulable: true }), []],
    ['a node without a taint', nodeOf({}, { taints: [{ key: 'a', effect: 'NoSchedule' }] }), []],
    [
      'what a sidecar among init containers holds',
      nodeOf({ cpu: '2' }),
      [podOf({ initContainers: [container('1', '0', { restartPolicy: 'Always' })] })],
    ],
    [
      'what the largest init container asks for',
      nodeOf({ cpu: '2' }),
      [podOf({ initContainers: [container('1')], containers: [container('100m')] })],
    ],
    ['what a runtime takes', nodeOf({ cpu: '2' }), [podOf({ overhead: { cpu: '1' } })]],
  ])('is not there without %s', (_, node, pods) => {
    expect(missing(node, pods)).toBe('1500m CPU and 512Mi')
  })

  it('is where the pod may go', () => {
    const pod = (spec: object) => ({ pod: { containers: [container('1')], ...spec } })
    const tainted = nodeOf({}, { taints: [{ key: 'a', effect: 'NoSchedule' }] })
    expect(missing(tainted, [], pod({ tolerations: [{ key: 'a' }] }))).toBeUndefined()
    expect(missing(nodeOf({}), [], pod({ nodeSelector: { pool: 'a' } }))).toBeUndefined()
    expect(missing(nodeOf({}), [], pod({ nodeSelector: { pool: 'b' } }))).toBeDefined()
  })

  it('includes the sidecar, as large as in pods that have one', () => {
    const proxy = container('300m', '64Mi', { name: 'istio-proxy' })
    const ours = podOf({ containers: [proxy] }, 'Running', { 'app.kubernetes.io/name': 'polarity' })
    const full = nodeOf({ cpu: '1' })
    expect(missing(full, [], { hasSidecar: true })).toBe('1600m CPU and 640Mi')
    expect(missing(full, [ours], { hasSidecar: true })).toBe('1800m CPU and 576Mi')
  })
})
