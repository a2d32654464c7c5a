import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { Resource } from '../../scripts/deploy/overlay.ts'

export const ROOT = join(import.meta.dirname, '../..')
export const TOOLS = join(ROOT, 'node_modules/.cache/manifests')

export const hasManifestTools = (() => {
  if (existsSync(join(TOOLS, 'schemas'))) return true
  const how = 'bash scripts/build-manifest-tools.sh'
  process.stderr.write(`Tests of the manifests are skipped: ${how}\n`)
  return false
})()

/** All kustomizations that are rendered: the overlays, and the components that no overlay uses. */
export const OVERLAYS = {
  dev: 'kustomize/overlays/dev',
  prod: 'kustomize/overlays/prod',
  'azure-redis and queue-depth': 'tests/kustomize/azure-redis',
  kserve: 'tests/kustomize/kserve',
} as const
export type Overlay = keyof typeof OVERLAYS

export type { Resource }

const texts = new Map<Overlay, string>()

/** The YAML that `kubectl apply -k` would send. */
export function renderText(overlay: Overlay): string {
  const known = texts.get(overlay)
  if (known !== undefined) return known
  const text = runKustomize(join(ROOT, OVERLAYS[overlay]))
  texts.set(overlay, text)
  return text
}

export const render = (overlay: Overlay): Resource[] => parseResources(renderText(overlay))

export function parseResources(text: string): Resource[] {
  return parseAllDocuments(text).map((document) => Resource.parse(document.toJS()))
}

/** The object of a kind, by name if there are several, parsed with the test's schema. */
export function find<T>(
  overlay: Overlay,
  kind: string,
  as: { shape: z.ZodType<T>; name?: string },
): T {
  const name = as.name ?? 'polarity'
  const found = render(overlay).filter((r) => r.kind === kind && r.metadata.name === name)
  return z.tuple([as.shape]).parse(found)[0]
}

/** Errors about unknown fields, missing fields and wrong types; empty if there are none. */
export function complaintsOf(text: string): string {
  const schemas = join(TOOLS, 'schemas/{{.ResourceKind}}{{.KindSuffix}}.json')
  const options = ['-strict', '-schema-location', schemas, '-']
  return spawnSync(join(TOOLS, 'kubeconform'), options, { input: text, encoding: 'utf8' }).stdout
}

export function runKustomize(folder: string): string {
  const { status, stdout, stderr } = spawnSync(join(TOOLS, 'kustomize'), ['build', folder], {
    encoding: 'utf8',
    maxBuffer: 64 * 2 ** 20,
  })
  if (status !== 0) throw new Error(`kustomize ended with ${status}: ${stderr}`)
  return stdout
}
