import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { chartFiles } from '../../scripts/chart/files.ts'
import { COMPONENTS } from '../../scripts/chart/parts.ts'
import { APPLY_OPTIONS } from '../../scripts/deploy/steps.ts'
import { answerOf, hasApiServer } from './api-server.ts'
import { composed } from './composed.ts'
import { CHART, hasHelm, helm, IMAGE, template, turnOn } from './helm.ts'
import { complaintsOf, parseResources, ROOT } from './rendered.ts'

/**
 * Objects as both tools have them. kustomize names the ConfigMap by its content, where Helm has a checksum
 * beside it, and writes the namespace into every object, the certificate's too, which an overlay puts right.
 */
function comparable(text: string): Map<string, unknown> {
  const plain = text
    .replaceAll(/name: polarity-[2456789bcdfghkmt]{10}$/gm, 'name: polarity')
    .replaceAll(/^ +checksum\/config: .*\n/gm, '')
    .replaceAll('image: project:test', `image: ${IMAGE}`)
  const entries = parseResources(plain).map((resource): [string, unknown] => {
    const { namespace: _, ...metadata } = resource.metadata
    return [`${resource.apiVersion} ${resource.kind} ${metadata.name}`, { ...resource, metadata }]
  })
  expect(new Set(entries.map(([name]) => name)).size).toBe(entries.length)
  return new Map(entries)
}

const COMBINED: readonly (readonly string[])[] = [
  [],
  ...COMPONENTS.map((name) => [name]),
  ['network-policy', 'redis', 'api-keys', 'istio', 'monitoring', 'queue-depth'],
  ['network-policy', 'azure-redis', 'api-keys', 'istio', 'monitoring', 'keda'],
  ['network-policy', 'redis', 'api-keys', 'monitoring', 'keda-http'],
]

describe.skipIf(!hasHelm)('the chart', () => {
  it('is what `npm run chart` writes', () => {
    for (const [file, text] of Object.entries(chartFiles()))
      expect({ file, text: readFileSync(join(ROOT, file), 'utf8') }).toEqual({ file, text })
  })

  it('pleases the linter', () => {
    const { status, output } = helm('lint', '--strict', CHART)
    expect(output).toContain('1 chart(s) linted, 0 chart(s) failed')
    expect(status).toBe(0)
  })

  it.each(
    COMBINED.map((components) => ({ components, names: components.join(', ') || 'nothing' })),
  )('is the base with $names, object by object', ({ components }) => {
    const chart = comparable(template(...components.map(turnOn)))
    const kustomize = comparable(composed(components))
    expect([...chart.keys()].toSorted()).toEqual([...kustomize.keys()].toSorted())
    for (const [name, object] of kustomize) expect([name, chart.get(name)]).toEqual([name, object])
  })

  it.skipIf(!hasApiServer)('is taken by the schemas and by the API server', () => {
    const text = template(
      ...['network-policy', 'redis', 'api-keys', 'istio', 'monitoring', 'queue-depth'].map(turnOn),
      ...['config.LOG_LEVEL=warn', 'podLabels.team=a', 'nodeSelector.pool=b'],
      ...['resources.limits.memory=1Gi', 'imagePullSecrets[0].name=c'],
      ...['extraEnv[0].name=HF_TOKEN', 'extraEnv[0].value=d', 'image.pullPolicy=Always'],
    )
    expect(complaintsOf(text)).toBe('')
    // As Helm would, in the namespace of the release.
    expect(answerOf(text, APPLY_OPTIONS)).toBe('')
  })
})
