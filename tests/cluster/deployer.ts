import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { ControlPlane } from './control-plane.ts'
import { type Result, runProgram } from './kubectl.ts'
import { programOf, ROOT } from './programs.ts'

const OVERLAY = 'kustomize/overlays/prod'
const REGISTRY = 'polarity.azurecr.io'

/** Says what a push to a registry would say at its end: a digest of the image's name, another for each tag. */
const STUB = `#!/bin/sh
echo "$(basename "$0") $*" >>"$CALLS"
if [ "$1" = push ]; then
  echo "pushed: digest: sha256:$(printf %s "$2" | sha256sum | cut -d' ' -f1) size: 1"
fi
`

interface Place {
  readonly plane: ControlPlane
  /** Copied; nothing in it changes. */
  readonly checkout: string
  /** Where production answers. */
  readonly host: string
  /** An API key of it. */
  readonly key: string
}

/** An operator's clone of a checkout, and their shell: kubectl is real, az and docker are stubs. */
export class Deployer {
  readonly #folder: string
  readonly #calls: string
  readonly #env: Record<string, string>

  constructor({ plane, checkout, host, key }: Place) {
    this.#folder = join(plane.folder, 'clone')
    this.#calls = join(plane.folder, 'calls')
    const programs = join(plane.folder, 'programs')
    copy(checkout, this.#folder)
    mkdirSync(programs)
    for (const name of ['az', 'docker']) {
      writeFileSync(join(programs, name), STUB)
      chmodSync(join(programs, name), 0o755)
    }
    symlinkSync(programOf('kubectl'), join(programs, 'kubectl'))
    symlinkSync(join(ROOT, 'node_modules'), join(this.#folder, 'node_modules'))
    this.#env = {
      ...{ HOME: plane.folder, KUBECONFIG: plane.kubeconfig, CALLS: this.#calls },
      PATH: [programs, join(ROOT, 'node_modules/.bin'), process.env.PATH].join(':'),
      ...{ POLARITY_API_KEY: key, NODE_EXTRA_CA_CERTS: plane.certificates.caFile },
    }
    this.git('init', '--quiet')
    // A folder's pattern does not ignore a link.
    writeFileSync(join(this.#folder, '.git/info/exclude'), 'node_modules\n')
    this.#edit(`${OVERLAY}/kustomization.yaml`, 'example.azurecr.io', REGISTRY)
    this.#edit(`${OVERLAY}/kustomization.yaml`, 'host=polarity.example.com', `host=${host}`)
    // The bundled model, so that the service can run here.
    this.#edit(`${OVERLAY}/kustomization.yaml`, 'MODEL=distilbert-sst2', 'MODEL=sst2-minilm')
    this.#commit('as an operator has it')
  }

  /** The tag of the next deployment. */
  get tag(): string {
    return this.git('rev-parse', 'HEAD').slice(0, 12)
  }

  /** Changes production's overlay, and commits; a tag of its own follows. */
  change(from: string | RegExp, to: string): void {
    this.#edit(`${OVERLAY}/kustomization.yaml`, from, to)
    this.#commit('a change')
  }

  /** Takes the last change back. */
  undoChange(): void {
    this.git('reset', '--quiet', '--hard', 'HEAD~1')
  }

  /** `npm run deploy`. */
  deploy(...options: string[]): Promise<Result> {
    const args = ['run', '--silent', 'deploy', '--', ...options]
    return runProgram('npm', args, { env: this.#env, cwd: this.#folder })
  }

  /** What az and docker were asked so far. */
  get calls(): string[] {
    return existsSync(this.#calls) ? readFileSync(this.#calls, 'utf8').trim().split('\n') : []
  }

  /** How often docker was asked for something. */
  get builds(): number {
    return this.calls.filter((call) => call.startsWith('docker ')).length
  }

  git(...args: string[]): string {
    const who = ['-c', 'user.name=test', '-c', 'user.email=test@localhost']
    return execFileSync('git', [...who, ...args], { cwd: this.#folder, encoding: 'utf8' }).trim()
  }

  #edit(file: string, from: string | RegExp, to: string): void {
    const path = join(this.#folder, file)
    writeFileSync(path, readFileSync(path, 'utf8').replace(from, to))
  }

  #commit(message: string): void {
    this.git('add', '--all')
    this.git('commit', '--quiet', '--allow-empty', '--message', message)
  }
}

/** What git knows of a checkout, as it lies there. */
function copy(checkout: string, folder: string): void {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '-z']
  const listed = execFileSync('git', list, { cwd: checkout, encoding: 'utf8' })
  for (const file of listed.split('\0').filter((name) => existsSync(join(checkout, name)))) {
    if (file === '') continue
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    cpSync(join(checkout, file), join(folder, file))
  }
}
