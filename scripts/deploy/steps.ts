import { randomBytes } from 'node:crypto'
import { checkSteps } from './checks.ts'
import { type BuildOptions, digestStep, imageSteps, type Source } from './image.ts'
import type { Manifests } from './overlay.ts'
import { pruneSteps } from './prune.ts'
import { toSend } from './send.ts'
import type { Known, Step } from './step.ts'

interface Options extends BuildOptions {
  /** Of the kustomization, for messages. */
  readonly overlay: string
  /** kubectl context; the current one by default. */
  readonly context?: string | undefined
  /** The file of the smoke test's API key; the environment reaches it in any case. */
  readonly 'key-file'?: string | undefined
  /** Waits for a new node rather than refuse. */
  readonly crowded: boolean
}

/**
 * A manager of its own, which takes every field back: after `kubectl rollout undo` or `kubectl edit`
 * the image belongs to that command, and an apply would be refused for the conflict.
 */
export const APPLY_OPTIONS = ['--field-manager=polarity-deploy', '--force-conflicts']

const MANIFESTS = 'the manifests'
const REDIS = 'polarity-redis'

/**
 * The steps of a deployment, in order: checks, the image, the manifests, the proof that they serve, and
 * what has left them. Without a source the image is one that the registry has already.
 */
export async function stepsOf(
  to: Manifests,
  from: Source | undefined,
  options: Options,
): Promise<Step[]> {
  const { overlay, crowded } = options
  const kubectl = ['kubectl', ...(options.context ? ['--context', options.context] : [])]
  return [
    ...checkSteps({ kubectl, to, overlay, crowded }),
    rehearsalStep(kubectl, to),
    ...(from ? await imageSteps(to, from, options) : [digestStep(kubectl, to)]),
    ...applySteps(kubectl, to),
    ...waitSteps(kubectl, to),
    ...smokeSteps(to, options['key-file']),
    ...pruneSteps(kubectl, to),
  ]
}

const applyCommand = (kubectl: readonly string[], ...more: readonly string[]) => [
  ...[...kubectl, 'apply', '--server-side', ...more, ...APPLY_OPTIONS, '--filename', '-'],
]

const manifestsOf = (to: Manifests) => ({
  name: MANIFESTS,
  text: (known: Known) => toSend(to, known),
})

/** The API server and its admission webhooks judge the manifests, and change nothing. */
const rehearsalStep = (kubectl: readonly string[], to: Manifests): Step => ({
  command: applyCommand(kubectl, '--dry-run=server'),
  input: manifestsOf(to),
  only: { if: 'the namespace is there', holds: ({ hasNamespace }) => hasNamespace },
  take: () => {},
  hint: 'the cluster refuses the manifests, and nothing was built or changed',
})

function applySteps(kubectl: readonly string[], to: Manifests): Step[] {
  const namespace = { name: 'the namespace', text: () => to.first }
  return [
    ...(to.first ? [{ command: applyCommand(kubectl), input: namespace }] : []),
    ...(to.secrets.includes(REDIS) ? [passwordStep(kubectl, to)] : []),
    ...to.environment.map((name) => versionStep(kubectl, to, name)),
    { command: applyCommand(kubectl), input: manifestsOf(to) },
  ]
}

function passwordStep(kubectl: readonly string[], { namespace }: Manifests): Step {
  const inNamespace = [...kubectl, '--namespace', namespace]
  const password = randomBytes(24).toString('hex')
  const secret = {
    ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: REDIS } },
    stringData: { password },
  }
  return {
    // As an object: what a program here writes to is a socket, which kubectl can't open as /dev/stdin.
    command: [...inNamespace, 'create', '--filename', '-'],
    input: { name: 'a Secret of 24 random bytes in hex', text: () => JSON.stringify(secret) },
    unless: [...inNamespace, 'get', 'secret', REDIS],
  }
}

/** A version says nothing of what the secret holds, as a hash would to whoever guesses. */
const versionStep = (kubectl: readonly string[], { namespace }: Manifests, name: string): Step => ({
  command: [
    ...[...kubectl, '--namespace', namespace, 'get', 'secret', name],
    ...['--output', 'jsonpath={.metadata.uid}.{.metadata.resourceVersion}'],
  ],
  take: (output, { secrets }) => void secrets.set(name, output.trim()),
})

function waitSteps(kubectl: readonly string[], to: Manifests): Step[] {
  const deployment = `deployment/${to.deployment}`
  const inNamespace = [...kubectl, '--namespace', to.namespace]
  const certificates = to.certificates.map(({ name, namespace }) => ({
    command: [
      ...[...kubectl, '--namespace', namespace, 'wait', `certificate/${name}`],
      ...['--for=condition=Ready', '--timeout=600s'],
    ],
    hint: `the new version runs; kubectl --namespace ${namespace} describe certificate,challenge says what its certificate lacks`,
  }))
  return [
    ...(to.deployment === 'polarity' ? [] : kserveSteps(inNamespace, to)),
    { command: [...inNamespace, 'rollout', 'status', deployment, '--timeout=600s'] },
    ...certificates,
  ]
}

/** KServe makes the Deployment some time after the manifests are there. */
function kserveSteps(inNamespace: readonly string[], { deployment, image }: Manifests): Step[] {
  const wait = [...inNamespace, 'wait', `deployment/${deployment}`, '--timeout=120s']
  const path = 'jsonpath={.spec.template.spec.containers[0].image}'
  return [
    { command: [...wait, '--for=create'] },
    {
      command: ({ digest }) => [...wait, `--for=${path}=${digest ? `${image}@${digest}` : image}`],
    },
  ]
}

function smokeSteps({ host, model }: Manifests, keyFile: string | undefined): Step[] {
  // Without a gateway only the cluster could ask it.
  if (!host) return []
  const key = keyFile === undefined ? [] : ['--key-file', keyFile]
  const options = ['--model', model, ...key]
  return [{ command: ['npm', 'run', 'smoke', '--', `https://${host}`, ...options] }]
}
