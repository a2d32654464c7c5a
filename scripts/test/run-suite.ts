import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Counts, countTests } from './counts.ts'
import { type Failure, failuresOf } from './failures.ts'
import { programPath, type Suite } from './suites.ts'

export interface Result extends Counts {
  readonly name: string
  readonly seconds: number
  readonly failures: readonly Failure[]
}

/** Bun's own timeout does not end a test that blocks the event loop. */
const TIMEOUT_SECONDS = 1800

/** The current runners, each of which leads its own process group. */
const running = new Set<ChildProcess>()

/** Kills the current runners and everything that they started. */
export function killRunning(): void {
  for (const child of running) killGroup(child)
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid) process.kill(-pid, 'SIGKILL')
  } catch {
    // It has already exited.
  }
}

/**
 * Runs a suite. One that has company prints its output when it is done, not between that of others.
 * A non-zero exit without a failed test counts as one failure.
 */
export async function runSuite({ name, program, args }: Suite, alone: boolean): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'polarity-test-'))
  const report = join(folder, 'report.xml')
  const output = join(folder, 'output.txt')
  const file = openSync(output, 'w')
  const startedAt = performance.now()
  if (alone) process.stdout.write(`\n${name}\n`)
  // A process group of its own, so that its children can be killed with it.
  const child = spawn(programPath(program), args(report), {
    stdio: alone ? ['ignore', 'inherit', 'inherit'] : ['ignore', file, file],
    detached: true,
  })
  running.add(child)
  const timeout = setTimeout(() => {
    process.stderr.write(`${name}: killed after ${TIMEOUT_SECONDS} s\n`)
    killGroup(child)
  }, TIMEOUT_SECONDS * 1000)
  const [code] = await once(child, 'exit')
  clearTimeout(timeout)
  killGroup(child)
  running.delete(child)
  closeSync(file)
  if (!alone) process.stdout.write(`\n${name}\n${textOf(output)}`)

  const text = textOf(report)
  const counts = countTests(text)
  rmSync(folder, { recursive: true })
  const failed = code !== 0 && counts.failed === 0 ? 1 : counts.failed
  const seconds = (performance.now() - startedAt) / 1000
  return { name, ...counts, failed, seconds, failures: failuresOf(text) }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
