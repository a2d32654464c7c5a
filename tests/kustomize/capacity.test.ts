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
    strategy: z.object({
      rollingUpdate: z.object({ maxUnavailable: z.literal(0), maxSurge: z.string().endsWith('%') }),
    }),
  }),
})

const millicores = (amount: string) =>
  amount.endsWith('m') ? Number.parseFloat(amount) : 1000 * Number(amount)

describe.skipIf(!hasManifestTools)('the nodes of npm run azure', () => {
  const cpu = () => {
    const service = workloadsOf('prod').find(({ name }) => name === 'polarity')
    const { requests, limits } = z
      .object({ requests: z.object({ cpu: z.string() }), limits: z.object({ cpu: z.string() }) })
      .parse(service?.containers[0]?.resources)
    return { request: millicores(requests.cpu), limit: millicores(limits.cpu) }
  }
  const slots = () => Math.floor((ALLOCATABLE - OF_THE_NODE) / (cpu().request + SIDECAR))
  const scaling = () => find('prod', 'HorizontalPodAutoscaler', { shape: Scaling }).spec
  const inRollout = (replicas: number) => {
    const { maxSurge } = find('prod', 'Deployment', { shape: Deployment }).spec.strategy
      .rollingUpdate
    return replicas + Math.ceil((replicas * Number.parseFloat(maxSurge)) / 100)
  }

  it('hold two replicas each', () => {
    expect(slots()).toBe(2)
  })

  it('hold the fewest replicas and those of a rollout from the start', () => {
    expect(Number(OPTIONS.nodes.default) * slots()).toBeGreaterThanOrEqual(
      inRollout(scaling().minReplicas),
    )
  })

  it('may be enough for the most replicas in a rollout, and three for all else', () => {
    expect((Number(OPTIONS['max-nodes'].default) - 3) * slots()).toBeGreaterThanOrEqual(
      inRollout(scaling().maxReplicas),
    )
  })

  it('are busy as docs/capacity.md says when the autoscaler adds replicas', () => {
    const { request, limit } = cpu()
    const [{ containerResource }] = scaling().metrics
    const busy = (containerResource.target.averageUtilization * request) / limit
    const text = readFileSync(join(ROOT, 'docs/capacity.md'), 'utf8')
    expect(text).toContain(`autoscaling targets ${busy} % of them`)
  })
})
