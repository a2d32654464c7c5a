import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { renderChanged } from './changed.ts'
import { hasManifestTools, parseResources, ROOT } from './rendered.ts'

const FOLDER = 'kustomize/overlays/prod'
const FILE = `${FOLDER}/kustomization.yaml`
const LABEL = /^([A-Za-z\d]([\w.-]{0,61}[A-Za-z\d])?)?$/

const Labelled = z.object({ labels: z.record(z.string(), z.string()) })
const Deployment = z.object({
  metadata: Labelled,
  spec: z.object({
    template: z.object({
      metadata: Labelled,
      spec: z.object({ containers: z.tuple([z.object({ image: z.string() })]) }),
    }),
  }),
})

/** Production's Deployment with another image, as whoever runs it would set it. */
function deploymentWith(image: Record<string, string>) {
  const kustomization = z.looseObject({}).parse(parse(readFileSync(join(ROOT, FILE), 'utf8')))
  const text = stringify({ ...kustomization, images: [{ name: 'project', ...image }] })
  const found = parseResources(renderChanged(FOLDER, { [FILE]: text })).find(
    ({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'polarity',
  )
  const { metadata, spec } = Deployment.parse(found)
  return {
    labels: [metadata.labels, spec.template.metadata.labels],
    image: spec.template.spec.containers[0].image,
  }
}

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`
const name = 'registry.example.org/polarity/project'
const withPort = 'localhost:5000/polarity/project'

describe.skipIf(!hasManifestTools)('the version label of production', () => {
  it.each([
    ['a tag', { newName: name, newTag: 'v1.2.3' }, `${name}:v1.2.3`],
    ['a digest', { newName: name, digest }, `${name}@${digest}`],
    ['a port', { newName: withPort, newTag: 'v1.2.3' }, `${withPort}:v1.2.3`],
    ['a port and no tag', { newName: withPort }, withPort],
    ['a port and a digest', { newName: withPort, digest }, `${withPort}@${digest}`],
  ])('is valid for an image with %s', (_, set, expected) => {
    const { labels, image } = deploymentWith(set)
    expect(image).toMatch(new RegExp(`^${expected}(:unset)?$`))
    for (const each of labels) expect(each['app.kubernetes.io/version']).toMatch(LABEL)
  })
})
