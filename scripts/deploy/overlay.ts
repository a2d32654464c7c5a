import { parseAllDocuments, stringify } from 'yaml'
import { z } from 'zod'
import { secretsOf } from './secrets.ts'

const Labels = z.record(z.string(), z.string()).default({})
/** An object of the manifests. */
export const Resource = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    labels: Labels,
  }),
})
export type Resource = z.infer<typeof Resource>

const Container = z.looseObject({
  image: z.string(),
  env: z.array(z.looseObject({ name: z.string(), value: z.string().optional() })).default([]),
  envFrom: z
    .array(z.looseObject({ configMapRef: z.object({ name: z.string() }).optional() }))
    .default([]),
})
/** What becomes a pod: of a Deployment, or of KServe's runtime. */
const Pod = z.looseObject({ containers: z.tuple([Container]) })
const Deployment = z.object({ spec: z.object({ template: z.object({ spec: Pod }) }) })
const Runtime = z.object({ spec: Pod })
const VirtualService = z.object({ spec: z.object({ hosts: z.tuple([z.string()]) }) })
const ConfigMap = z.object({ data: z.record(z.string(), z.string()).default({}) })

/** An object by its kind and name; `namespace` is empty where it has none. */
interface Named {
  readonly name: string
  readonly namespace: string
}

/** A kind and the version of it that the manifests use. */
export type Kind = Pick<Resource, 'apiVersion' | 'kind'>

/** What an overlay's manifests say. */
export interface Manifests {
  /** Including the tag. */
  readonly image: string
  readonly namespace: string
  readonly model: string
  /** The second model in the image, if there is one. */
  readonly shadow: string | undefined
  /** Where the gateway serves it; undefined without one. */
  readonly host: string | undefined
  /** The service has API keys: nobody else may call it. */
  readonly closed: boolean
  /** Its Deployment's name; it is KServe's own where the manifests have none. */
  readonly deployment: string
  readonly kinds: readonly Kind[]
  readonly objects: readonly (Kind & Named)[]
  readonly certificates: readonly Named[]
  /** Secrets that pods need and the manifests do not bring. */
  readonly secrets: readonly string[]
  /** Those of them that containers read once, when they start. */
  readonly environment: readonly string[]
  /** The mesh's revision; undefined where no sidecar is wanted. */
  readonly revision: string | undefined
  /** The pod as the manifests describe it. */
  readonly pod: unknown
  /** The Namespace alone, in YAML: it must exist before its secrets. */
  readonly first: string
  readonly all: string
}

/** Reads rendered manifests. Throws an error that says what is missing. */
export function readManifests(all: string): Manifests {
  const resources = parseAllDocuments(all).map((document) => Resource.parse(document.toJS()))
  const { workload, pod, deployment } = workloadOf(resources)
  const [{ image }] = pod.containers
  const { MODEL: model, SHADOW_MODEL: shadow, ...settings } = settingsOf(resources, pod)
  if (!model) throw new Error('the overlay does not set MODEL, which says what to build')
  const objects = resources.map(toObject)
  const named = (kind: string) => objects.filter((each) => each.kind === kind)
  return {
    ...{ image, namespace: workload.metadata.namespace ?? 'default', model, deployment, pod },
    ...{ shadow, host: hostOf(resources) },
    closed: 'API_KEYS' in settings || 'API_KEYS_FILE' in settings,
    kinds: resources.map(({ apiVersion, kind }) => ({ apiVersion, kind })),
    objects,
    certificates: named('Certificate'),
    ...missingSecrets(resources),
    revision: revisionOf(resources),
    first: resources
      .filter(({ kind }) => kind === 'Namespace')
      .map((namespace) => stringify(namespace, { version: '1.1' }))
      .join('---\n'),
    all,
  }
}

const toObject = ({ apiVersion, kind, metadata }: Resource) => ({
  ...{ apiVersion, kind, name: metadata.name },
  namespace: metadata.namespace ?? '',
})

/** The Deployment `polarity`, or KServe's runtime of that name. */
function workloadOf(resources: readonly Resource[]) {
  const find = (kind: string) =>
    resources.find((each) => each.kind === kind && each.metadata.name === 'polarity')
  const workload = find('Deployment') ?? find('ServingRuntime')
  const direct = Deployment.safeParse(workload).data?.spec.template.spec
  const pod = direct ?? Runtime.safeParse(workload).data?.spec
  if (!workload || !pod)
    throw new Error('the overlay has no Deployment or ServingRuntime polarity with one container')
  return { workload, pod, deployment: direct ? 'polarity' : 'polarity-predictor' }
}

/** The container's environment; the values that come from secrets are undefined. */
function settingsOf(
  resources: readonly Resource[],
  { containers: [{ env, envFrom }] }: z.infer<typeof Pod>,
): Readonly<Record<string, string | undefined>> {
  const maps = envFrom.flatMap(({ configMapRef }) =>
    resources.filter(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === configMapRef?.name,
    ),
  )
  return Object.fromEntries<string | undefined>([
    ...maps.flatMap((map) => Object.entries(ConfigMap.parse(map).data)),
    ...env.map(({ name, value }): [string, string | undefined] => [name, value]),
  ])
}

function hostOf(resources: readonly Resource[]): string | undefined {
  const service = resources.find(({ kind }) => kind === 'VirtualService')
  return service && VirtualService.parse(service).spec.hosts[0]
}

function missingSecrets(resources: readonly Resource[]) {
  const brought = resources.filter(({ kind }) => kind === 'Secret').map((r) => r.metadata.name)
  const { environment, mounted } = secretsOf(resources.filter(isWorkload))
  const missing = (names: Iterable<string>) =>
    [...new Set(names)].filter((name) => !brought.includes(name))
  return {
    secrets: missing([...environment, ...mounted]),
    environment: missing(environment),
  }
}

const isWorkload = ({ kind }: Resource) => kind === 'Deployment' || kind === 'ServingRuntime'

/** Throws if the manifests count on the mesh, and their namespace asks for none. */
function revisionOf(resources: readonly Resource[]): string | undefined {
  const namespace = resources.find(({ kind }) => kind === 'Namespace')
  const labels = namespace?.metadata.labels ?? {}
  const injected = labels['istio-injection'] === 'enabled' ? 'default' : undefined
  const revision = labels['istio.io/rev'] ?? injected
  const isMeshed = resources.some(({ apiVersion }) => /^\w+\.istio\.io\//.test(apiVersion))
  if (namespace && isMeshed && !revision)
    throw new Error(
      `the namespace ${namespace.metadata.name} has no label istio.io/rev: its pods would get no sidecar`,
    )
  return isMeshed ? revision : undefined
}
