import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { parse, parseAllDocuments, stringify } from 'yaml'
import { z } from 'zod'

const ROOT = join(import.meta.dirname, '../..')
const BUILT = join(ROOT, 'node_modules/.cache/manifests/kustomize')

/** The components that the chart has, in the order of kustomize/README.md. */
export const COMPONENTS = [
  'network-policy',
  'redis',
  'azure-redis',
  'api-keys',
  'grpc',
  'istio',
  'monitoring',
  'keda',
  'keda-http',
  'queue-depth',
] as const

/** Kinds that no part of the chart has, but other components: their patches have no effect. */
const ELSEWHERE = ['ServingRuntime', 'InferenceService']

const KubernetesObject = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
})
type KubernetesObject = z.infer<typeof KubernetesObject>

/** One change of the objects of a kind whose whole name matches: at a path, or away with them. */
type Change = { kind: string; name: string } & (
  | { delete: true }
  | { at: (string | number)[]; append: unknown[] }
  | { at: (string | number)[]; prepend: unknown[] }
  | { at: (string | number)[]; merge: Record<string, unknown> }
)

/** What a part of the chart adds to the objects before it, and how it changes them. */
export interface Part {
  readonly objects: readonly KubernetesObject[]
  readonly changes: readonly Change[]
}

const List = z.array(z.unknown()).optional()
const Container = z.strictObject({
  name: z.literal('polarity'),
  env: List,
  ports: List,
  volumeMounts: List,
})
/** All that a strategic merge patch may add to the Deployment: anything else has no place in the chart yet. */
const Merge = z.strictObject({
  apiVersion: z.string(),
  kind: z.literal('Deployment'),
  metadata: z.strictObject({ name: z.literal('polarity') }),
  spec: z.strictObject({
    template: z.strictObject({
      metadata: z.strictObject({ annotations: z.record(z.string(), z.string()) }).optional(),
      spec: z
        .strictObject({ containers: z.tuple([Container]).optional(), volumes: List })
        .optional(),
    }),
  }),
})
const Delete = KubernetesObject.extend({ $patch: z.literal('delete') })
const Additions = z.array(
  z.strictObject({ op: z.literal('add'), path: z.string().startsWith('/'), value: z.unknown() }),
)
const Target = z.strictObject({ kind: z.string(), name: z.string() })
const Component = z.looseObject({
  patches: z
    .array(
      z.strictObject({
        path: z.string().optional(),
        patch: z.string().optional(),
        target: Target.optional(),
      }),
    )
    .default([]),
})

/** The base, and what each component adds to it. Throws if there is no kustomize, or a patch that the chart can't have. */
export function chartParts(): Record<string, Part> {
  const base = build([])
  const isNew = (object: KubernetesObject) =>
    !base.some(
      ({ kind, metadata: { name } }) => kind === object.kind && name === object.metadata.name,
    )
  const parts = COMPONENTS.map((name) => {
    const objects = build([name]).filter(isNew)
    return [name, { objects, changes: changesOf(name) }]
  })
  return { base: { objects: base, changes: [] }, ...Object.fromEntries(parts) }
}

function build(components: readonly string[]): KubernetesObject[] {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'polarity-chart-')))
  try {
    const at = (path: string) => relative(folder, join(ROOT, 'kustomize', path))
    const kustomization = {
      resources: [at('base')],
      components: components.map((name) => at(`components/${name}`)),
    }
    writeFileSync(join(folder, 'kustomization.yaml'), stringify(kustomization))
    const program = existsSync(BUILT) ? BUILT : 'kustomize'
    const { status, stdout, stderr } = spawnSync(program, ['build', folder], {
      encoding: 'utf8',
      maxBuffer: 64 * 2 ** 20,
    })
    if (status !== 0) throw new Error(`kustomize ended with ${status}: ${stderr}`)
    return parseAllDocuments(withoutHash(stdout)).map((each) => KubernetesObject.parse(each.toJS()))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** kustomize writes its hashes in these letters, so that they spell no words. */
const HASHED = /name: polarity-[2456789bcdfghkmt]{10}$/gm

/** The chart restarts pods by a checksum, so its ConfigMap needs no other name for other content. */
const withoutHash = (text: string): string => text.replaceAll(HASHED, 'name: polarity')

function changesOf(component: string): Change[] {
  const folder = join(ROOT, 'kustomize/components', component)
  const read = (file: string) => readFileSync(join(folder, file), 'utf8')
  const { patches } = Component.parse(parse(read('kustomization.yaml')))
  return patches.flatMap(({ path, patch, target }) => {
    if (target && ELSEWHERE.includes(target.kind)) return []
    return toChanges(parse(path ? read(path) : (patch ?? '')), target)
  })
}

function toChanges(patch: unknown, target: z.infer<typeof Target> | undefined): Change[] {
  const gone = Delete.safeParse(patch).data
  if (gone) return [{ kind: gone.kind, name: gone.metadata.name, delete: true }]
  if (target && Array.isArray(patch)) {
    return Additions.parse(patch).map(({ path, value }) => {
      const keys = path.split('/').slice(1).map(toKey)
      const last = keys.pop() ?? '-'
      const at = { ...target, at: keys }
      return last === '-' ? { ...at, append: [value] } : { ...at, merge: { [last]: value } }
    })
  }
  return fromMerge(Merge.parse(patch), target)
}

/** A part of a JSON pointer (RFC 6901). */
const toKey = (key: string) =>
  /^\d+$/.test(key) ? Number(key) : key.replaceAll('~1', '/').replaceAll('~0', '~')

/** As kustomize does: what a patch adds to a list comes first. */
function fromMerge(
  { kind, metadata, spec }: z.infer<typeof Merge>,
  target: z.infer<typeof Target> | undefined,
): Change[] {
  const ofDeployment = { kind, name: metadata.name }
  if (target && !isDeepStrictEqual(target, ofDeployment)) throw new Error('patch of another object')
  const pod = ['spec', 'template', 'spec']
  const { containers: [container] = [], volumes } = spec.template.spec ?? {}
  const lists = [
    { at: [...pod, 'containers', 0, 'env'], prepend: container?.env },
    { at: [...pod, 'containers', 0, 'ports'], prepend: container?.ports },
    { at: [...pod, 'containers', 0, 'volumeMounts'], prepend: container?.volumeMounts },
    { at: [...pod, 'volumes'], prepend: volumes },
  ]
  const merge = spec.template.metadata?.annotations
  return [
    ...lists.flatMap(({ at, prepend }) => (prepend ? [{ ...ofDeployment, at, prepend }] : [])),
    ...(merge
      ? [{ ...ofDeployment, at: ['spec', 'template', 'metadata', 'annotations'], merge }]
      : []),
  ]
}
