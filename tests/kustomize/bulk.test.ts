import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { APPLY_OPTIONS } from '../../scripts/deploy/steps.ts'
import { answerOf, hasApiServer } from './api-server.ts'
import { argumentsOf, jobsOf } from './bulk-job.ts'
import { renderChanged } from './changed.ts'
import { complaintsOf, hasManifestTools, parseResources, ROOT, runKustomize } from './rendered.ts'

const FOLDER = 'kustomize/overlays/bulk'
const FILE = `${FOLDER}/kustomization.yaml`

const NetworkPolicy = z.object({
  spec: z.strictObject({
    podSelector: z.object({ matchLabels: z.record(z.string(), z.string()) }),
    policyTypes: z.array(z.string()),
  }),
})

describe.skipIf(!hasManifestTools)('the Job of shards', () => {
  const text = () => runKustomize(join(ROOT, FOLDER))
  const resources = () => parseResources(text())
  const both = () => Object.values(jobsOf(resources()))

  it('is what the schemas of Kubernetes accept', () => {
    expect(complaintsOf(text())).toBe('')
  })

  it.skipIf(!hasApiServer)("is what the API server's own code takes, in pods of restricted", () => {
    expect(answerOf(text(), APPLY_OPTIONS)).toBe('')
    const asRoot = text().replaceAll('runAsNonRoot: true', 'runAsNonRoot: false')
    expect(answerOf(asRoot, APPLY_OPTIONS)).toContain('Job polarity-bulk: violates PodSecurity')
  })

  it('has the settings of one file in every field that needs them', () => {
    const settings = { SHARDS: '3', parallelism: '2', 'storage-class': 'shared', COLUMN: 'review' }
    let source = readFileSync(join(ROOT, FILE), 'utf8')
    for (const [name, value] of Object.entries(settings))
      source = source.replace(new RegExp(`- ${name}=.*`), `- ${name}=${value}`)
    const changed = parseResources(renderChanged(FOLDER, { [FILE]: source }))
    const { shards } = jobsOf(changed)
    expect(shards.spec).toMatchObject({ completions: 3, parallelism: 2 })
    expect(argumentsOf(shards, changed)).toEqual(
      expect.arrayContaining(['--shards=3', '--column=review', '--out=/data/labelled.csv']),
    )
    expect(changed).toContainEqual(
      expect.objectContaining({
        kind: 'PersistentVolumeClaim',
        spec: expect.objectContaining({ storageClassName: 'shared' }),
      }),
    )
  })

  it('leaves no variable without a value', () => {
    for (const job of both())
      expect(argumentsOf(job, resources()).filter((arg) => arg.includes('$('))).toEqual([])
  })

  it('runs one image in both Jobs, without a token and with bounds', () => {
    const pods = both().map(({ spec }) => spec.template.spec)
    expect(new Set(pods.map(({ containers }) => containers[0].image)).size).toBe(1)
    for (const pod of pods) {
      expect(pod).toMatchObject({
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        containers: [{ securityContext: { readOnlyRootFilesystem: true } }],
      })
      expect(resources()).toContainEqual(
        expect.objectContaining({
          kind: 'ServiceAccount',
          automountServiceAccountToken: false,
          metadata: expect.objectContaining({ name: pod.serviceAccountName }),
        }),
      )
    }
  })

  it('lets nothing in or out', () => {
    const policy = resources().find(({ kind }) => kind === 'NetworkPolicy')
    const { spec } = NetworkPolicy.parse(policy)
    expect(spec.policyTypes).toEqual(['Ingress', 'Egress'])
    for (const { spec: job } of both())
      expect(job.template.metadata.labels).toMatchObject(spec.podSelector.matchLabels)
  })
})
