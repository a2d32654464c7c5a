import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { OPTIONS } from '../../scripts/azure/settings.ts'
import { find, hasManifestTools, ROOT } from './rendered.ts'
import { workloadsOf } from './workloads.ts'

/** Of four cores, what AKS leaves to pods: it reserves 140. */
const ALLOCATABLE = 3860
/** What the mesh asks for beside each pod, and the least that runs on every node. */
const SIDECAR = 100
const OF_THE_NODE = 400
/** What the mesh, DNS and metrics ask for on one node, and Redis with its exporter and sidecar. */
const ADD_ONS = 800
const REDIS = 360
const NODES_WITH_ADD_ONS = 2

const Scaling = z.object({
  spec: z.object({
    minReplicas: z.number(),
    maxReplicas: z.number(),
    metrics: z.tuple([
      z.object({
        containerResource: z.object({ target: z.object({ averageUtilization: z.number() }) }),
      }),
    ]),
  }),
})
const Deployment = z.object({
  spec: z.object({
    minReadySeconds: z.number(),
    strategy: z.object({
      rollingUpdate: z.object({ maxUnavailable: z.literal(0), maxSurge: z.string().endsWith('%') }),
    }),
  }),
})
const Settings = z.object({ data: z.record(z.string(), z.string()) })

const millicores = (amount: string) =>
  amount.endsWith('m') ? Number.parseFloat(amount) : 1000 * Number(amount)

describe.skipIf(!hasManifestTools)('the nodes of npm run azure', () => {
  const service = () => workloadsOf('prod').find(({ name }) => name === 'polarity')
  const cpu = () => {
    const { requests, limits } = z
      .object({ requests: z.object({ cpu: z.string() }), limits: z.object({ cpu: z.string() }) })
      .parse(service()?.containers[0]?.resources)
    return { request: millicores(requests.cpu), limit: millicores(limits.cpu) }
  }
  const slots = (others = 0) =>
    Math.floor((ALLOCATABLE - OF_THE_NODE - others) / (cpu().request + SIDECAR))
  const scaling = () => find('prod', 'HorizontalPodAutoscaler', { shape: Scaling }).spec
  const deployment = () => find('prod', 'Deployment', { shape: Deployment }).spec
  /** New ones that get ready, and as many old ones that end. */
  const inRollout = (replicas: number) => {
    const { maxSurge } = deployment().strategy.rollingUpdate
    return replicas + 2 * Math.ceil((replicas * Number.parseFloat(maxSurge)) / 100)
  }

  it('hold two replicas each', () => {
    expect(slots()).toBe(2)
  })

  it('have room for a whole rollout of the fewest replicas from the start, wherever Redis is', () => {
    const nodes = Number(OPTIONS.nodes.default)
    const others = Array.from({ length: nodes }, (_, i) => (i < NODES_WITH_ADD_ONS ? ADD_ONS : 0))
    for (const [ofRedis] of others.entries()) {
      const room = others.map((add, i) => slots(add + (i === ofRedis ? REDIS : 0)))
      expect(room.reduce((sum, one) => sum + one)).toBeGreaterThanOrEqual(
        inRollout(scaling().minReplicas),
      )
    }
  })

  it('may be enough for the most replicas in a rollout, and three for all else', () => {
    expect((Number(OPTIONS['max-nodes'].default) - 3) * slots()).toBeGreaterThanOrEqual(
      inRollout(scaling().maxReplicas),
    )
  })

  it('are left by an old replica before the next one is told to end', () => {
    const name = service()?.containers[0]?.envFrom[0]?.configMapRef.name ?? ''
    const { data } = find('prod', 'ConfigMap', { shape: Settings, name })
    const preStop = service()?.containers[0]?.lifecycle?.preStop.sleep.seconds ?? 0
    expect(deployment().minReadySeconds).toBeGreaterThan(preStop + Number(data.DRAIN_SECONDS))
  })

  it('are busy as docs/capacity.md says when the autoscaler adds replicas', () => {
    const { request, limit } = cpu()
    const [{ containerResource }] = scaling().metrics
    const busy = (containerResource.target.averageUtilization * request) / limit
    const text = readFileSync(join(ROOT, 'docs/capacity.md'), 'utf8')
    expect(text).toContain(`autoscaling targets ${busy} % of them`)
  })
})
