import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { linkPrograms, pathOf } from './programs.ts'
import type { Answer, Call } from './stub-program.ts'

const ROOT = join(import.meta.dirname, '../..')
const STUB = join(import.meta.dirname, 'stub-program.ts')
const WANTED = /^(app|kustomize|model\/[^/]+$|observability|package\.json|scripts|tsconfig)/

/** The production overlay's own file. */
export const PROD = 'kustomize/overlays/prod/kustomization.yaml'

interface Stubs {
  readonly answers: readonly Answer[]
  readonly env?: Record<string, string>
  /** kubectl's own options count, at the price of a start of it for each command. */
  readonly strict?: boolean
}

/** A checkout with everything committed, as it lies here; with programs of its own. */
export class Checkout {
  readonly folder = mkdtempSync(join(tmpdir(), 'polarity-checkout-'))

  constructor() {
    const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    for (const file of listed.split('\n').filter((name) => WANTED.test(name))) {
      if (!existsSync(join(ROOT, file))) continue // Removed, and not committed yet.
      mkdirSync(dirname(join(this.folder, file)), { recursive: true })
      cpSync(join(ROOT, file), join(this.folder, file))
    }
    linkPrograms(this.folder)
    writeFileSync(join(this.folder, '.gitignore'), 'node_modules\nstubs\n')
    this.git('init', '--quiet')
    this.git('add', '--all')
    this.git('commit', '--quiet', '--message', 'as it lies here')
    this.git('remote', 'add', 'origin', 'https://somebody:secret@git.example.com/polarity.git')
    this.keep()
  }

  /** One whose production overlay names a host, a registry and a mesh, as its owner's would. */
  static withPlaces(): Checkout {
    const checkout = new Checkout()
    checkout.change(PROD, 'host=polarity.example.com', 'host=polarity.somewhere.org')
    checkout.change(PROD, 'example.azurecr.io', 'registry.somewhere.org')
    checkout.change(PROD, 'revision=unset', 'revision=asm-1-28')
    checkout.keep()
    return checkout
  }

  #kept = ''

  /** Lets `reset` come back to this commit. */
  keep(): void {
    this.#kept = this.git('rev-parse', 'HEAD').trim()
  }

  remove(): void {
    rmSync(this.folder, { recursive: true })
  }

  /** Back to what lies here, or was kept. */
  reset(): void {
    this.git('reset', '--quiet', '--hard', this.#kept)
    this.git('clean', '--quiet', '--force', '-d')
  }

  git(...args: string[]): string {
    const who = ['-c', 'user.name=test', '-c', 'user.email=test@localhost']
    return execFileSync('git', [...who, ...args], { cwd: this.folder, encoding: 'utf8' })
  }

  /** Changes a file, or writes it, and commits. */
  change(file: string, from: string, to: string): void {
    const path = join(this.folder, file)
    mkdirSync(dirname(path), { recursive: true })
    const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
    writeFileSync(path, text.replace(from, to))
    this.git('add', '--all')
    this.git('commit', '--quiet', '--message', 'a change')
  }

  /** As from a shell that finds kubectl alone, of what could render manifests. */
  run(script: string, ...args: string[]) {
    return this.#spawn(script, args, { PATH: join(this.folder, 'node_modules/bin') })
  }

  /** As from a shell whose programs give these answers, and which has such variables. */
  runStubbed(
    script: string,
    args: readonly string[],
    { answers, env = {}, strict = false }: Stubs,
  ) {
    const folder = join(this.folder, 'stubs')
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder)
    for (const name of ['kubectl', 'docker', 'podman', 'az', 'npm', 'helm']) {
      const file = join(folder, name)
      writeFileSync(file, `#!/bin/sh\nexec ${process.execPath} ${STUB} ${folder} ${name} "$@"\n`)
      chmodSync(file, 0o755)
    }
    writeFileSync(join(folder, 'answers.json'), JSON.stringify(answers))
    writeFileSync(join(folder, 'kubectl-path'), pathOf('kubectl') ?? '')
    if (strict) writeFileSync(join(folder, 'strict'), '')
    const path = `${folder}:${join(this.folder, 'node_modules/bin')}`
    const { status, stdout, stderr } = this.#spawn(script, args, { ...env, PATH: path })
    const log = join(folder, 'calls')
    const lines = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []
    const calls = lines.map((line): Call => JSON.parse(line))
    return { status, stdout, stderr, calls, commands: calls.map(({ command }) => command) }
  }

  #spawn(script: string, args: readonly string[], env: Record<string, string>) {
    // Reading TypeScript takes most of the time of programs as short as these.
    const compiled = { NODE_COMPILE_CACHE: join(this.folder, 'node_modules/compiled') }
    const options = { cwd: this.folder, encoding: 'utf8', env: { ...env, ...compiled } } as const
    return spawnSync(process.execPath, [script, ...args], options)
  }
}
