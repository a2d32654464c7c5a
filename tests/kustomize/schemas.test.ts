import { describe, expect, it } from 'vitest'
import { complaintsOf, hasManifestTools, OVERLAYS, type Overlay, renderText } from './rendered.ts'

const overlays = Object.keys(OVERLAYS) as Overlay[]

describe.skipIf(!hasManifestTools)('the schemas of Kubernetes and of custom resources', () => {
  it.each(overlays)('accept everything in %s', (overlay) => {
    expect(complaintsOf(renderText(overlay))).toBe('')
  })

  it.each([
    ['minReplicas: 3', 'minReplica: 3'],
    ['maxEjectionPercent: 50', 'maxEjectionPercent: "50"'],
    ['credentialName:', 'credentialname:'],
    ['scrapeTimeout:', 'scrapeTimeOut:'],
    ['issuerRef:', 'issuer:'],
    ['readOnlyRootFilesystem: true', 'readOnlyRootFilesystem: "yes"'],
  ])('refuse %s as %s', (right, wrong) => {
    const text = renderText('prod')
    expect(text).toContain(right)
    expect(complaintsOf(text.replace(right, wrong))).toContain('is invalid')
  })
})
