import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { loadConfig } from '../../app/config.ts'
import { createTestApp } from '../fakes.ts'
import { compose, renderChanged } from './changed.ts'
import { hasManifestTools, parseResources, type Resource, ROOT } from './rendered.ts'

const Container = z.looseObject({
  name: z.string(),
  env: z.array(z.looseObject({ name: z.string() })).default([]),
  volumeMounts: z.array(z.unknown()).default([]),
})
const Pods = z.object({
  annotations: z.record(z.string(), z.string()),
  labels: z.looseObject({ 'app.kubernetes.io/name': z.string() }),
  containers: z.tuple([Container]),
  volumes: z.array(z.unknown()).default([]),
})
const Deployment = z.object({
  spec: z.object({ template: z.object({ metadata: z.looseObject({}), spec: z.looseObject({}) }) }),
})
const Runtime = z.object({ spec: Pods })
const Protocols = z.object({ spec: z.object({ protocolVersions: z.array(z.string()) }) })
const Predictor = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({ predictor: z.object({ model: z.object({ protocolVersion: z.string() }) }) }),
})
const ALL = ['network-policy', 'redis', 'api-keys', 'istio', 'monitoring']

const one = (resources: readonly Resource[], kind: string) =>
  resources.find((each) => each.kind === kind && each.metadata.name === 'polarity')

/** What its pods get, but for the container's name, which KServe prescribes. */
function podsOf({
  containers: [{ name, ...container }],
  annotations,
  ...pods
}: z.infer<typeof Pods>) {
  const { 'kubectl.kubernetes.io/default-container': shown, ...others } = annotations
  expect(shown).toBe(name)
  const env = container.env.toSorted((a, b) => a.name.localeCompare(b.name))
  return { ...pods, annotations: others, container: { ...container, env } }
}

function deployed(components: readonly string[]) {
  const found = one(parseResources(compose(components)), 'Deployment')
  const { metadata, spec } = Deployment.parse(found).spec.template
  return podsOf(Pods.parse({ ...metadata, ...spec }))
}

const served = (components: readonly string[]) =>
  podsOf(
    Runtime.parse(one(parseResources(compose(['kserve', ...components])), 'ServingRuntime')).spec,
  )

describe.skipIf(!hasManifestTools)('KServe', () => {
  it.each(
    [[], ['redis'], ['azure-redis'], ['api-keys'], ['istio'], ALL].map((components) => ({
      components,
      names: components.join(', ') || 'nothing',
    })),
  )('gives its pods what the Deployment gives them, with $names', ({ components }) => {
    expect(served(components)).toEqual(deployed(components))
  })

  it('leaves the Service that routes lead to, which has no internal port', () => {
    const deployment = parseResources(compose(ALL))
    const kserve = parseResources(compose(['kserve', ...ALL]))
    for (const kind of [
      'Service',
      'VirtualService',
      'DestinationRule',
      'NetworkPolicy',
      'PodMonitor',
    ])
      expect(one(kserve, kind)).toEqual(one(deployment, kind) ?? 'none')
  })

  it('says which of its protocols the service speaks, and calls the model as it does', async () => {
    const resources = parseResources(compose(['kserve']))
    const runtime = Protocols.parse(one(resources, 'ServingRuntime')).spec.protocolVersions
    const service = Predictor.parse(one(resources, 'InferenceService'))
    expect(loadConfig({}).DIALECTS).toEqual(expect.arrayContaining(runtime))
    expect(runtime).toContain(service.spec.predictor.model.protocolVersion)
    const app = createTestApp()
    for (const path of [
      `/v1/models/${service.metadata.name}`,
      `/v2/models/${service.metadata.name}`,
    ])
      expect((await app.request(path)).status).toBe(200)
  })

  it('takes the place of Deployment and autoscaler in production too', () => {
    const folder = 'kustomize/overlays/prod'
    const file = `${folder}/kustomization.yaml`
    const first = 'components:\n'
    const text = readFileSync(join(ROOT, file), 'utf8')
    const changed = text.replace(first, `${first}  - ../../components/kserve\n`)
    const resources = parseResources(renderChanged(folder, { [file]: changed }))
    expect(one(resources, 'InferenceService')).toBeDefined()
    expect(one(resources, 'Deployment')).toBeUndefined()
    expect(one(resources, 'HorizontalPodAutoscaler')).toBeUndefined()
  })
})
