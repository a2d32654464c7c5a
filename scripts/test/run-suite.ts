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

/** A runner that takes longer hangs: on Bun no timeout ends a test that blocks the event loop. */
const LIMIT_SECONDS = 600

/** The group of the runner that runs now, with everything that it started. */
let running: ChildProcess | undefined

/** Ends whatever runs. */
export function endRunning(): void {
  try {
    if (running?.pid) process.kill(-running.pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

/** Runs a suite, its output on this terminal. A runner that fails without a failed test counts as one. */
export async function runSuite({ name, program, args }: Suite): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'polarity-test-'))
  const report = join(folder, 'report.xml')
  const startedAt = performance.now()
  process.stdout.write(`\n${name}\n`)
  // A group of its own, so that what it started can be ended with it.
  const child = spawn(programPath(program), args(report), {
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  })
  running = child
  const limit = setTimeout(() => {
    process.stderr.write(`${name}: ended, for it took over ${LIMIT_SECONDS} s\n`)
    endRunning()
  }, LIMIT_SECONDS * 1000)
  const [code] = await once(child, 'exit')
  clearTimeout(limit)
  endRunning()

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
