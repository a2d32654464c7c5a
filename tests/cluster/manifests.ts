import { mkdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseAllDocuments, stringify } from 'yaml'
import { z } from 'zod'
import { APPLY_OPTIONS } from '../../scripts/deploy/steps.ts'
import type { Kubectl } from './kubectl.ts'

const Resource = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
  }),
})
export type Resource = z.infer<typeof Resource>

export function parseManifests(text: string): Resource[] {
  return parseAllDocuments(text).map((document) => Resource.parse(document.toJS()))
}

/** The field manager of a deployment. */
export const MANAGER = 'polarity-deploy'

/** The manifests of a checkout, rendered by kubectl as whoever has nothing else would. */
export const renderer =
  (kubectl: Kubectl, checkout: string) =>
  (folder: string): Promise<string> =>
    kubectl.ok(['kustomize', join(checkout, folder)])

/** An overlay of one's own: the base with components, in a namespace. */
export interface Composed {
  readonly namespace: string
  readonly components: readonly string[]
}

/** Renders it, from a folder below the one given. */
export const composer =
  ({ kubectl, folder }: { readonly kubectl: Kubectl; readonly folder: string }, checkout: string) =>
  ({ namespace, components }: Composed): Promise<string> => {
    const own = join(folder, namespace)
    const at = (path: string) => relative(own, join(checkout, 'kustomize', path))
    mkdirSync(own)
    const kustomization = {
      namespace,
      images: [{ name: 'project', newTag: 'test' }],
      resources: [at('base')],
      components: components.map((name) => at(`components/${name}`)),
    }
    writeFileSync(join(own, 'kustomization.yaml'), stringify(kustomization))
    return kubectl.ok(['kustomize', own])
  }

/** Production's manifests with another version of the image. */
export const withTag = (text: string, tag: string): string =>
  text
    .replaceAll('polarity/project:unset', `polarity/project:${tag}`)
    .replaceAll('app.kubernetes.io/version: unset', `app.kubernetes.io/version: ${tag}`)

/** Applies as a deployment does; throws what kubectl says if anything is refused. Resolves to its warnings. */
export async function apply(
  kubectl: Kubectl,
  text: string,
  options: readonly string[] = APPLY_OPTIONS,
): Promise<string> {
  const { status, stderr } = await kubectl.run(
    ['apply', '--server-side', ...options, '--filename', '-'],
    text,
  )
  if (status !== 0) throw new Error(stderr.trim())
  return stderr.trim()
}
