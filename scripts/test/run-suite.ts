import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Counts, countTests } from './counts.ts'
import { programPath, type Suite } from './suites.ts'

export interface Result extends Counts {
  readonly name: string
  readonly seconds: number
}

/** Bun's own timeout does not end a test that blocks the event loop. */
const TIMEOUT_SECONDS = 600

/** The current runner, which leads its own process group. */
let running: ChildProcess | undefined

/** Kills the current runner and everything that it started. */
export function killRunning(): void {
  try {
    if (running?.pid) process.kill(-running.pid, 'SIGKILL')
  } catch {
    // It has already exited.
  }
}

/** Runs a suite with its output on this terminal. A non-zero exit without a failed test counts as one. */
export async function runSuite({ name, program, args }: Suite): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'polarity-test-'))
  const report = join(folder, 'report.xml')
  const startedAt = performance.now()
  process.stdout.write(`\n${name}\n`)
  // A process group of its own, so that its children can be killed with it.
  const child = spawn(programPath(program), args(report), {
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  })
  running = child
  const timeout = setTimeout(() => {
    process.stderr.write(`${name}: killed after ${TIMEOUT_SECONDS} s\n`)
    killRunning()
  }, TIMEOUT_SECONDS * 1000)
  const [code] = await once(child, 'exit')
  clearTimeout(timeout)
  killRunning()

  const counts = countTests(textOf(report))
  rmSync(folder, { recursive: true })
  const failed = code !== 0 && counts.failed === 0 ? 1 : counts.failed
  return { name, ...counts, failed, seconds: (performance.now() - startedAt) / 1000 }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
