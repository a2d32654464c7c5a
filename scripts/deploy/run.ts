import { parseArgs } from 'node:util'
import { KEY_VARIABLE, readApiKey } from '../api-key.ts'
import type { Source } from './image.ts'
import { renderManifests } from './manifests.ts'
import type { Manifests } from './overlay.ts'
import { print, runStep, showSteps } from './run-step.ts'
import { readSource } from './source.ts'
import { nothingKnown } from './step.ts'
import { stepsOf } from './steps.ts'

const USAGE = `usage: npm run deploy -- [options]
  --dry-run        print every command and manifest, and run none
  --overlay PATH   kustomize/overlays/prod
  --tag TAG        the commit's first 12 digits
  --rollback TAG   an image that the registry has already; builds and pushes nothing
  --engine NAME    docker, or podman
  --platform NAME  linux/amd64
  --context NAME   of kubectl; the current one
  --open           also without API keys: everybody may call the service
  --unlocked       also with a model that the catalog does not lock
  --crowded        also where no node has room for one more replica
  --key-file FILE  an API key for the smoke test; else that of POLARITY_API_KEY`

const OPTIONS = {
  'dry-run': { type: 'boolean', default: false },
  overlay: { type: 'string', default: 'kustomize/overlays/prod' },
  tag: { type: 'string' },
  rollback: { type: 'string' },
  engine: { type: 'string', default: 'docker' },
  platform: { type: 'string', default: 'linux/amd64' },
  context: { type: 'string' },
  open: { type: 'boolean', default: false },
  unlocked: { type: 'boolean', default: false },
  crowded: { type: 'boolean', default: false },
  'key-file': { type: 'string' },
  help: { type: 'boolean', default: false },
} as const

/** Builds the current commit and pushes it, or takes an older image; applies an overlay, and asks it something. */
async function deploy(): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS })
  if (values.help) return print(USAGE)

  const source = values.rollback === undefined ? readSource() : undefined
  const manifests = renderManifests(values.overlay, tagOf(values, source))
  if (!values.open) refuseOpen(manifests, values.overlay)
  const steps = await stepsOf(manifests, source, values)
  if (values['dry-run']) return showSteps(steps)
  refusePlaceholders(manifests, values.overlay)
  if (manifests.host && manifests.closed && !readApiKey(values['key-file']))
    throw new Error(`the smoke test needs an API key: ${KEY_VARIABLE}, or --key-file`)
  const known = nothingKnown()
  for (const step of steps) await runStep(step, known)
  if (!manifests.host)
    print('not asked: the overlay has no gateway, so only the cluster reaches it')
}

interface Tags {
  readonly tag?: string | undefined
  readonly rollback?: string | undefined
}

/** Throws for what no registry would take, before anything is built. */
function tagOf({ tag, rollback }: Tags, source: Source | undefined): string {
  if (tag !== undefined && rollback !== undefined)
    throw new Error('--rollback names the tag already: omit --tag')
  const chosen = rollback ?? tag ?? source?.revision.slice(0, 12) ?? ''
  if (chosen === 'latest') throw new Error('`latest` does not identify a version: name another tag')
  if (!/^\w[\w.-]{0,127}$/.test(chosen)) throw new Error(`"${chosen}" is no tag of an image`)
  return chosen
}

/** Throws if everybody may call what the overlay deploys. */
function refuseOpen({ closed }: Manifests, overlay: string): void {
  if (closed) return
  throw new Error(`${overlay} has no API keys: add the component api-keys, or say --open`)
}

/** Throws if the overlay still has the example registry or host. */
function refusePlaceholders({ image, host }: Manifests, overlay: string): void {
  if (!image.startsWith('example.') && !host?.endsWith('.example.com')) return
  throw new Error(`${overlay}/kustomization.yaml still has the example registry or host`)
}

try {
  await deploy()
} catch (error) {
  process.stderr.write(`deploy: ${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}
