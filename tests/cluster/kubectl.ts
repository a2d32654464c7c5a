import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { programOf } from './programs.ts'

const LINES = 6

export interface Result {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

interface Run {
  readonly env: Record<string, string | undefined>
  readonly cwd?: string
  readonly input?: string
}

/** Runs a program to its end. Not synchronously: nodes and metrics live in this process. */
export async function runProgram(
  file: string,
  args: readonly string[],
  { env, cwd, input = '' }: Run,
): Promise<Result> {
  const child = spawn(file, args, { env, cwd, stdio: 'pipe' })
  const ended = Promise.withResolvers<number | null>()
  child.once('error', ended.reject)
  child.once('close', ended.resolve)
  // It may end without reading.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const [status, stdout, stderr] = await Promise.all([
    ended.promise,
    text(child.stdout),
    text(child.stderr),
  ])
  return { status, stdout, stderr }
}

/** Throws the end of what it said, unless it ended well. */
export function expectDone({ status, stdout, stderr }: Result): void {
  const said = `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '')
  if (status !== 0) throw new Error(`exit code ${status}: ${said.slice(-LINES).join('\n')}`)
}

/** The kubectl of the control plane's version, as its administrator. */
export class Kubectl {
  readonly #env: Record<string, string | undefined>

  constructor(kubeconfig: string, home: string) {
    // Its cache of kinds must not outlive the cluster.
    this.#env = { PATH: process.env.PATH, KUBECONFIG: kubeconfig, HOME: home }
  }

  run(args: readonly string[], input?: string): Promise<Result> {
    return runProgram(programOf('kubectl'), args, {
      env: this.#env,
      ...(input !== undefined && { input }),
    })
  }

  /** Its standard output; throws what it says if it fails. */
  async ok(args: readonly string[], input?: string): Promise<string> {
    const { status, stdout, stderr } = await this.run(args, input)
    if (status !== 0) throw new Error(`kubectl ${args.join(' ')}: ${status}: ${stderr.trim()}`)
    return stdout
  }
}
