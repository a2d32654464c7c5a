// Stands for kubectl, az and others: refuses options that the program itself refuses, notes what it was
// asked, and answers as it is told; what nobody has told it fails. `node stub-program.ts FOLDER NAME ARGUMENTS`.
import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { refusalOf } from './azure-cli.ts'

export interface Answer {
  /** A regular expression for the whole command. */
  readonly to: string
  readonly stdout?: string
  readonly stderr?: string
  readonly status?: number
}

/** What a program was asked. */
export interface Call {
  readonly command: string
  readonly input: string
}

function answer(folder: string, name: string, args: readonly string[]): void {
  if (name === 'kubectl' && args[0] === 'kustomize') {
    const kubectl = readFileSync(join(folder, 'kubectl-path'), 'utf8')
    process.stdout.write(execFileSync(kubectl, args, { maxBuffer: 64 * 2 ** 20 }))
    return
  }
  const refusal = refusalBy(folder, name, args)
  if (refusal !== undefined) {
    process.stderr.write(`${name}: ${refusal}\n`)
    process.exitCode = 2
    return
  }
  const command = [name, ...args].join(' ')
  const input = / (-|[^ ]*=?\/dev\/stdin)( |$)/.test(command) ? readFileSync(0, 'utf8') : ''
  appendFileSync(join(folder, 'calls'), `${JSON.stringify({ command, input })}\n`)
  const answers: Answer[] = JSON.parse(readFileSync(join(folder, 'answers.json'), 'utf8'))
  const { stdout, stderr, status } = answers.find(({ to }) =>
    new RegExp(`^${to}$`, 's').test(command),
  ) ?? {
    stderr: `nobody has told what to answer to: ${command}\n`,
    status: 64,
  }
  print(args, stdout ?? '')
  process.stderr.write(stderr ?? '')
  process.exitCode = status ?? 0
}

/** To standard output, or to the file that an option names. */
function print(args: readonly string[], text: string): void {
  const [, file] = args.slice(args.indexOf('--digestfile'))
  if (args.includes('--digestfile') && file) writeFileSync(file, text)
  else process.stdout.write(text)
}

/** What the program itself would say of such arguments; the stub knows no further. */
function refusalBy(folder: string, name: string, args: readonly string[]): string | undefined {
  if (name === 'az') return refusalOf(args)
  if (name !== 'kubectl' || !existsSync(join(folder, 'strict'))) return undefined
  const kubectl = readFileSync(join(folder, 'kubectl-path'), 'utf8')
  const { status, stderr } = spawnSync(kubectl, [...args, '--help'], { encoding: 'utf8' })
  return status === 0 ? undefined : stderr
}

const [folder, name, ...args] = process.argv.slice(2)
if (folder && name) answer(folder, name, args)
