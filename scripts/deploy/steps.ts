import { randomBytes } from 'node:crypto'
import { entryOf, loadCatalog } from '../../model/catalog.ts'
import type { Manifests } from './manifests.ts'

export interface Step {
  readonly command: readonly string[]
  /** Standard input, and the name that a dry run shows for it. */
  readonly input?: { readonly name: string; readonly text: string }
  /** The step is skipped if this command succeeds. */
  readonly unless?: readonly string[]
  /** What to do if the step fails. */
  readonly hint?: string
}

interface Options {
  readonly engine: string
  readonly platform: string
  /** kubectl context; the current one by default. */
  readonly context?: string | undefined
  /** The file of the smoke test's API key; the environment reaches it in any case. */
  readonly 'key-file'?: string | undefined
}

export interface Source {
  /** The full hash of the commit. */
  readonly revision: string
  readonly version: string
  readonly url: string
}

/**
 * A manager of its own, which takes every field back: after `kubectl rollout undo` or `kubectl edit`
 * the image belongs to that command, and an apply would be refused for the conflict.
 */
export const APPLY_OPTIONS = ['--field-manager=polarity-deploy', '--force-conflicts']

/** The steps of a deployment, in order; each is idempotent. */
export async function stepsOf(to: Manifests, from: Source, options: Options): Promise<Step[]> {
  const kubectl = ['kubectl', ...(options.context ? ['--context', options.context] : [])]
  const inNamespace = [...kubectl, '--namespace', to.namespace]
  const apply = [...kubectl, 'apply', '--server-side', ...APPLY_OPTIONS, '--filename', '-']
  const secret = ['secret', 'polarity-redis']
  return [
    ...(to.closed ? [keysStep(inNamespace)] : []),
    ...loginSteps(to.image),
    { command: await buildCommand(to, from, options) },
    { command: [options.engine, 'push', to.image] },
    { command: apply, input: { name: 'the namespace', text: to.first } },
    {
      command: [
        ...inNamespace,
        'create',
        'secret',
        'generic',
        'polarity-redis',
        '--from-file=password=/dev/stdin',
      ],
      input: { name: '24 random bytes in hex', text: randomBytes(24).toString('hex') },
      unless: [...inNamespace, 'get', ...secret],
    },
    { command: apply, input: { name: 'the manifests', text: to.all } },
    { command: [...inNamespace, 'rollout', 'status', 'deployment/polarity', '--timeout=300s'] },
    { command: smokeCommand(to, options['key-file']) },
  ]
}

/** Looked for before anything is built: without its keys no pod would start. */
const keysStep = (inNamespace: readonly string[]): Step => ({
  command: [...inNamespace, 'get', 'secret', 'polarity-api-keys', '--output', 'name'],
  hint: 'the API keys of the service are no secret of the namespace yet: docs/aks.md has how to make them',
})

function smokeCommand({ host, model }: Manifests, keyFile: string | undefined): string[] {
  const key = keyFile === undefined ? [] : ['--key-file', keyFile]
  return ['npm', 'run', 'smoke', '--', `https://${host}`, '--model', model, ...key]
}

/** Azure's registries need a login that lasts for some hours; another registry's is the caller's own matter. */
function loginSteps(image: string): Step[] {
  const [, registry] = /^([a-z\d]+)\.azurecr\./.exec(image) ?? []
  return registry ? [{ command: ['az', 'acr', 'login', '--name', registry] }] : []
}

/** Labels the image with its contents; the build fails if the model's digest differs from the catalog's. */
async function buildCommand(to: Manifests, from: Source, options: Options): Promise<string[]> {
  const args = {
    MODEL: to.model,
    SOURCE: from.url,
    REVISION: from.revision,
    VERSION: from.version,
    MODEL_DIGEST: entryOf(await loadCatalog(), to.model).digest ?? '',
  }
  return [
    ...[options.engine, 'build', '--file', 'Containerfile', '--platform', options.platform],
    ...Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
    ...['--tag', to.image, '.'],
  ]
}
