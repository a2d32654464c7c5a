import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

/** The command as it is installed somewhere, with what runs it: `['node', 'bin/polarity.js']`, `['npx', 'polarity']`. */
export interface Program {
  readonly command: readonly [string, ...string[]]
  /** Where it is run. */
  readonly folder: string
  readonly env: Readonly<Record<string, string | undefined>>
}

export interface Result {
  readonly stdout: string
  readonly stderr: string
  readonly code: number | null
}

/** Starts it in its folder. */
export function start({ command, folder, env }: Program, args: readonly string[]) {
  const [file, ...first] = command
  return spawn(file, [...first, ...args], { cwd: folder, env })
}

/** Runs it to its end, with this on its standard input. */
export async function run(program: Program, args: readonly string[], input = ''): Promise<Result> {
  const child = start(program, args)
  child.stdin.on('error', () => undefined).end(input)
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { stdout, stderr, code }
}
