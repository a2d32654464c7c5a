import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { KEY_VARIABLE, readApiKey } from '../api-key.ts'
import { type Manifests, renderManifests } from './manifests.ts'
import { readSource } from './source.ts'
import { type Step, stepsOf } from './steps.ts'

const USAGE = `usage: npm run deploy -- [options]
  --dry-run        print every command and manifest, and run none
  --overlay PATH   kustomize/overlays/prod
  --tag TAG        the commit's first 12 digits
  --engine NAME    docker, or podman
  --platform NAME  linux/amd64
  --context NAME   of kubectl; the current one
  --open           also without API keys: everybody may call the service
  --key-file FILE  an API key for the smoke test; else that of POLARITY_API_KEY`

/** Builds the current commit, pushes the image, applies an overlay and runs a smoke test. */
async function deploy(): Promise<void> {
  const { values } = parseArgs({
    options: {
      'dry-run': { type: 'boolean', default: false },
      overlay: { type: 'string', default: 'kustomize/overlays/prod' },
      tag: { type: 'string' },
      engine: { type: 'string', default: 'docker' },
      platform: { type: 'string', default: 'linux/amd64' },
      context: { type: 'string' },
      open: { type: 'boolean', default: false },
      'key-file': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return print(USAGE)

  const source = readSource()
  const tag = values.tag ?? source.revision.slice(0, 12)
  if (tag === 'latest') throw new Error('`latest` does not identify a version: omit --tag')
  const manifests = renderManifests(values.overlay, tag)
  if (!values.open) refuseOpen(manifests, values.overlay)
  const steps = await stepsOf(manifests, source, values)
  if (values['dry-run']) return show(steps)
  refusePlaceholders(manifests, values.overlay)
  if (manifests.closed && !readApiKey(values['key-file']))
    throw new Error(`the smoke test needs an API key: ${KEY_VARIABLE}, or --key-file`)
  for (const step of steps) runStep(step)
}

/** Throws if everybody may call what the overlay deploys. */
function refuseOpen({ closed }: Manifests, overlay: string): void {
  if (closed) return
  throw new Error(`${overlay} has no API keys: add the component api-keys, or say --open`)
}

/** Throws if the overlay still has the example registry or host. */
function refusePlaceholders({ image, host }: Manifests, overlay: string): void {
  if (!image.startsWith('example.') && !host.endsWith('.example.com')) return
  throw new Error(`${overlay}/kustomization.yaml still has the example registry or host`)
}

function show(steps: readonly Step[]): void {
  for (const { command, input, unless } of steps) {
    const condition = unless ? `${quoted(unless)} || ` : ''
    print(`$ ${condition}${quoted(command)}${input ? ` # from: ${input.name}` : ''}`)
    if (input && !unless) print(input.text.replace(/^(?=.)/gm, '    '))
  }
}

function runStep({ command, input, unless, hint }: Step): void {
  if (unless && spawnSync(...callOf(unless), { stdio: 'ignore' }).status === 0) return
  print(`$ ${quoted(command)}`)
  const { error, status } = spawnSync(...callOf(command), {
    input: input?.text,
    stdio: [input ? 'pipe' : 'inherit', 'inherit', 'inherit'],
  })
  if (error) throw new Error(`${command[0]} can't be started: ${error.message}`, { cause: error })
  const next = hint ?? 'the previous version keeps running'
  if (status !== 0) throw new Error(`exited with ${status}; ${next}`)
}

const callOf = ([file = '', ...args]: readonly string[]): [string, string[]] => [file, args]

/** As typed in a shell. */
const quoted = (command: readonly string[]) =>
  command.map((word) => (/^[\w./:=@-]+$/.test(word) ? word : `'${word}'`)).join(' ')

const print = (text: string) => void process.stdout.write(`${text}\n`)

try {
  await deploy()
} catch (error) {
  process.stderr.write(`deploy: ${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}
