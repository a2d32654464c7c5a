import { type Document, isScalar, parseAllDocuments, visit } from 'yaml'
import type { Manifests } from './overlay.ts'
import { secretsOf } from './secrets.ts'
import type { Known } from './step.ts'

const INSTANCE = 'app.kubernetes.io/instance'
const MANAGED_BY = 'app.kubernetes.io/managed-by'
const MANAGER = 'polarity-deploy'

/** Selects what deployments to a namespace have applied, in whatever namespace. */
export const selectorOf = (namespace: string): string =>
  `${MANAGED_BY}=${MANAGER},${INSTANCE}=${namespace}`

/** Where the annotations of an object's pods are. */
const POD_ANNOTATIONS: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['spec', 'template', 'metadata', 'annotations'],
  ServingRuntime: ['spec', 'annotations'],
}

/**
 * The manifests as they are sent. Each object has labels by which it is found when it has left them;
 * the image its digest; and pods the versions of the secrets in their environment, so that a change
 * of one replaces them.
 */
export function toSend({ all, image, namespace }: Manifests, known: Known): string {
  // Every scalar stays the text that it is: kubectl reads YAML by other rules than this parser.
  const documents = parseAllDocuments(all, { schema: 'failsafe' })
  for (const document of documents) {
    if (document.get('kind') === 'Namespace') continue
    document.setIn(['metadata', 'labels', INSTANCE], namespace)
    document.setIn(['metadata', 'labels', MANAGED_BY], MANAGER)
    if (known.digest) pin(document, image, `${image}@${known.digest}`)
    noteSecrets(document, known.secrets)
  }
  const texts = documents.map((document) => document.toString({ lineWidth: 0 }))
  return texts.map((text) => text.replace(/^---\n/, '')).join('---\n')
}

function pin(document: Document, image: string, pinned: string): void {
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || key.value !== 'image' || !isScalar(value)) return
      if (value.value === image) value.value = pinned
    },
  })
}

function noteSecrets(document: Document, versions: ReadonlyMap<string, string>): void {
  const path = POD_ANNOTATIONS[`${document.get('kind')}`]
  if (!path) return
  const noted = [...secretsOf(document.toJS()).environment]
    .sort()
    .flatMap((name) => (versions.has(name) ? [`${name}=${versions.get(name)}`] : []))
  if (noted.length > 0) document.setIn([...path, 'polarity/secrets'], noted.join(','))
}
