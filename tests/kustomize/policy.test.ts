import { describe, expect, it } from 'vitest'
import { hasManifestTools, OVERLAYS, type Overlay, render } from './rendered.ts'
import { workloadsOf } from './workloads.ts'

const overlays = Object.keys(OVERLAYS) as Overlay[]

describe.skipIf(!hasManifestTools).each(overlays)('in %s', (overlay) => {
  const pods = () => workloadsOf(overlay)
  const objects = () => render(overlay).filter(({ kind }) => kind !== 'Namespace')
  const containers = () => pods().flatMap((pod) => pod.containers)

  it('there is a workload, and each has what the policies below are about', () => {
    expect(pods().map(({ name }) => name)).toContain('polarity')
  })

  it('every image has a tag, and none is `latest`', () => {
    for (const { image } of containers()) {
      expect(image).toMatch(/:[\w.-]+$/)
      expect(image).not.toMatch(/:latest$/)
    }
  })

  it('every container has all three probes, on its own ports', () => {
    for (const { ports, startupProbe, readinessProbe, livenessProbe } of containers()) {
      const probes = [startupProbe, readinessProbe, livenessProbe]
      const asked = probes.flatMap(({ httpGet }) => httpGet?.port ?? [])
      const run = probes.flatMap(({ exec }) => exec?.command[0] ?? [])
      expect(ports.map(({ name }) => name)).toEqual(expect.arrayContaining(asked))
      expect(asked.length + run.length).toBe(3)
    }
  })

  it('every container has no privileges and a read-only file system', () => {
    for (const { securityContext } of containers()) {
      expect(securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
      })
      expect(securityContext.capabilities).toEqual({ drop: ['ALL'] })
      expect(securityContext.privileged).toBeUndefined()
    }
  })

  it('every pod has no root user, no token and no host access', () => {
    for (const { pod } of pods()) {
      expect(pod.securityContext).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      })
      expect(pod.securityContext.runAsUser).toBeGreaterThan(0)
      expect(pod.automountServiceAccountToken).toBe(false)
      expect(pod.enableServiceLinks).toBe(false)
      expect(pod.hostNetwork).toBeUndefined()
      for (const volume of pod.volumes)
        expect(Object.keys(volume).sort()).toEqual(['name', 'secret'])
    }
  })

  it('no memory limit is under its request', () => {
    for (const { resources } of containers()) {
      expect(mebibytes(resources.limits.memory)).toBeGreaterThanOrEqual(
        mebibytes(resources.requests.memory),
      )
    }
  })

  it('every service account that a pod has is there, without a token', () => {
    const accounts = render(overlay).filter(({ kind }) => kind === 'ServiceAccount')
    for (const account of accounts)
      expect(account).toHaveProperty('automountServiceAccountToken', false)
    const names = accounts.map(({ metadata }) => metadata.name)
    for (const { pod } of pods()) expect(names).toContain(pod.serviceAccountName)
  })

  it('every object has an explicit namespace', () => {
    for (const { metadata } of objects()) {
      expect(metadata.namespace).toMatch(/^(polarity|polarity-dev|aks-istio-ingress)$/)
    }
  })

  it('everything that is written here is labelled', () => {
    const generated = ['Secret', 'polarity-dashboards']
    const written = objects().filter(
      ({ kind, metadata }) => !generated.includes(kind) && !generated.includes(metadata.name),
    )
    for (const { metadata } of written) {
      expect(metadata.labels).toHaveProperty(['app.kubernetes.io/part-of'], 'polarity')
    }
  })
})

/** Units that the manifests use: Mi and Gi. */
function mebibytes(amount: string): number {
  const [, number, unit] = /^(\d+)(Mi|Gi)$/.exec(amount) ?? []
  if (!unit) throw new Error(`${amount} is neither Mi nor Gi`)
  return Number(number) * (unit === 'Gi' ? 1024 : 1)
}
