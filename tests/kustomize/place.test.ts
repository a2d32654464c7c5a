import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { APPLY_OPTIONS } from '../../scripts/deploy/steps.ts'
import { answerOf, hasApiServer } from './api-server.ts'
import { renderChanged } from './changed.ts'
import { hasManifestTools, parseResources, ROOT, renderText } from './rendered.ts'

const FOLDER = 'kustomize/overlays/prod'
const FILE = `${FOLDER}/kustomization.yaml`

/** What the AKS add-on calls its parts (its revisions come and go), and what upstream Istio calls them with its charts' own names. */
const NAMES = {
  revision: { aks: 'unset', upstream: 'default' },
  'mesh-namespace': { aks: 'aks-istio-system', upstream: 'istio-system' },
  'gateway-namespace': { aks: 'aks-istio-ingress', upstream: 'istio-ingress' },
  gateway: { aks: 'aks-istio-ingressgateway-external', upstream: 'ingress' },
} as const
type Of = 'aks' | 'upstream'

/** Production, where only the literals of `place` differ; some components may be left out. */
function renderProd(of: Of, without: readonly string[] = []): string {
  let text = readFileSync(join(ROOT, FILE), 'utf8')
  for (const [name, names] of Object.entries(NAMES))
    text = text.replace(`- ${name}=${names.aks}\n`, `- ${name}=${names[of]}\n`)
  for (const component of without) text = text.replace(`  - ../../components/${component}\n`, '')
  return renderChanged(FOLDER, { [FILE]: text })
}

/** Every text in an object, at any depth. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(textsOf)
}

/** How often each name of upstream Istio stands in the rendered manifests. */
function countNames(rendered: string) {
  const objects = parseResources(rendered)
  const texts = objects.flatMap((each) => textsOf(each))
  return Object.entries(NAMES).map(([name, names]) => [
    name,
    texts.filter((text) => text === names.upstream).length,
  ])
}

const Peer = z.looseObject({ ipBlock: z.object({ cidr: z.string() }).optional() })
const NetworkPolicy = z.object({
  spec: z.object({ egress: z.array(z.object({ to: z.array(Peer).default([]) })) }),
})

describe.skipIf(!hasManifestTools)('the names of the mesh', () => {
  it('stand once: all of the AKS add-on become those of upstream Istio', () => {
    expect(renderProd('aks')).toBe(renderText('prod'))
    const upstream = renderProd('upstream')
    expect(countNames(upstream)).toEqual([
      ['revision', 1],
      // Of the service, and of Redis.
      ['mesh-namespace', 2],
      // Of the certificate, of two authorization policies, and of the network policy.
      ['gateway-namespace', 4],
      ['gateway', 1],
    ])
    expect(upstream).not.toMatch(/\baks-/)
  })

  it.skipIf(!hasApiServer)("of upstream Istio are what the API server's own code takes", () => {
    expect(answerOf(renderProd('upstream'), APPLY_OPTIONS)).toBe('')
  })

  it.each([['istio'], ['network-policy'], ['redis']])('are not missed without %s', (component) => {
    expect(renderProd('upstream', [component])).toContain('kind: Deployment')
  })

  it('leave the address of DNS alone, on pods and on nodes', () => {
    const policies = parseResources(renderProd('upstream')).filter(
      ({ kind }) => kind === 'NetworkPolicy',
    )
    expect(policies).toHaveLength(2)
    for (const policy of policies) {
      const [dns] = NetworkPolicy.parse(policy).spec.egress
      expect(JSON.stringify(dns)).toContain('"kubernetes.io/metadata.name":"kube-system"')
      expect(dns?.to.flatMap(({ ipBlock }) => ipBlock?.cidr ?? [])).toEqual([
        '169.254.20.10/32',
        '169.254.10.10/31',
      ])
    }
  })
})
