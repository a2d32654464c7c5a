import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'

const KUSTOMIZE = join(import.meta.dirname, '../../kustomize')
const PROD = 'overlays/prod/kustomization.yaml'
const read = (file: string) => parse(readFileSync(join(KUSTOMIZE, file), 'utf8'))

const Rule = z.object({
  spec: z.object({
    trafficPolicy: z.object({
      outlierDetection: z.looseObject({
        maxEjectionPercent: z.number(),
        minHealthPercent: z.number(),
      }),
    }),
  }),
})
const Autoscaler = z.object({ spec: z.object({ minReplicas: z.number() }) })
const fewest = {
  'the base': () => Autoscaler.parse(read('base/scaling.yaml')).spec.minReplicas,
  production: () =>
    Number(/min-replicas=(\d+)/.exec(readFileSync(join(KUSTOMIZE, PROD), 'utf8'))?.[1]),
} as const

const { outlierDetection } = Rule.parse(read('components/istio/destination-rule.yaml')).spec
  .trafficPolicy

describe('the ejection of a broken pod', () => {
  it.each(Object.entries(fewest))('is possible at the fewest replicas of %s', (_, replicas) => {
    // Envoy does not let even the first ejection pass the limit.
    expect(outlierDetection.maxEjectionPercent).toBeGreaterThanOrEqual(100 / replicas())
  })

  it('never leaves so few that the rest counts as unhealthy, which would undo it', () => {
    const { maxEjectionPercent, minHealthPercent } = outlierDetection
    expect(100 - maxEjectionPercent).toBeGreaterThanOrEqual(minHealthPercent)
  })

  it('does not count 429 as a failure of the pod', () => {
    const counted = Object.keys(outlierDetection).filter((name) => name.startsWith('consecutive'))
    expect(counted).toEqual(['consecutiveLocalOriginFailures', 'consecutive5xxErrors'])
  })
})
