import { randomBytes } from 'node:crypto'
import { entryOf, loadCatalog } from '../../model/catalog.ts'
import type { Manifests } from './manifests.ts'

export interface Step {
  readonly command: readonly string[]
  /** What it reads, and what that is called where it is only shown. */
  readonly input?: { readonly name: string; readonly text: string }
  /** Not needed where this succeeds. */
  readonly unless?: readonly string[]
}

interface Options {
  readonly engine: string
  readonly platform: string
  /** Of kubectl; by default the current one. */
  readonly context?: string | undefined
}

export interface Source {
  /** The whole hash of the commit. */
  readonly revision: string
  readonly version: string
  readonly url: string
}

/** From a commit to an answer, in order; each may be run again. */
export async function stepsOf(to: Manifests, from: Source, options: Options): Promise<Step[]> {
  const kubectl = ['kubectl', ...(options.context ? ['--context', options.context] : [])]
  const inNamespace = [...kubectl, '--namespace', to.namespace]
  const apply = [...kubectl, 'apply', '--server-side', '--filename', '-']
  const secret = ['secret', 'polarity-redis']
  const [registry = ''] = to.image.split('.')
  return [
    { command: ['az', 'acr', 'login', '--name', registry] },
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
    { command: ['npm', 'run', 'smoke', '--', `https://${to.host}`, '--model', to.model] },
  ]
}

/** The labels say what is inside; the build fails where a model of a known digest has another. */
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
