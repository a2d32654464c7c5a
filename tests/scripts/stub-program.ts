// Stands for kubectl, az and others: answers as it is told, notes what it was asked, and refuses what it
// was not told. `node stub-program.ts FOLDER NAME ARGUMENTS`.
import { execFileSync } from 'node:child_process'
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

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
  const command = [name, ...args].join(' ')
  const input = /(^|[ =])(-|\/dev\/stdin)$/.test(command) ? readFileSync(0, 'utf8') : ''
  appendFileSync(join(folder, 'calls'), `${JSON.stringify({ command, input })}\n`)
  const answers: Answer[] = JSON.parse(readFileSync(join(folder, 'answers.json'), 'utf8'))
  const { stdout, stderr, status } = answers.find(({ to }) =>
    new RegExp(`^${to}$`, 's').test(command),
  ) ?? {
    stderr: `nobody has told what to answer to: ${command}\n`,
    status: 64,
  }
  process.stdout.write(stdout ?? '')
  process.stderr.write(stderr ?? '')
  process.exitCode = status ?? 0
}

const [folder, name, ...args] = process.argv.slice(2)
if (folder && name) answer(folder, name, args)
