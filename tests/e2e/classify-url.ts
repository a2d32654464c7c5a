import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { type Runtime, runtimePath, TINY_MODEL } from '../../harness/process.ts'

const ROOT = join(import.meta.dirname, '../..')

/** Of a service that is soon ready. */
export const SETTINGS = { MODEL: TINY_MODEL, WORKERS: '1' }

/** CSV of distinct texts, so that each is asked for. */
export const tableOf = (rows: number, round: string) =>
  `id,text\n${Array.from({ length: rows }, (_, i) => `${i},${i % 3 === 0 ? 'good' : 'bad'} ${round} ${i}`).join('\n')}\n`

/** Runs the command to its end. */
export async function polarity(
  runtime: Runtime,
  args: readonly string[],
  env: Record<string, string> = {},
) {
  const child = spawn(runtimePath(runtime), ['cli/polarity.ts', ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...env },
  })
  child.stdin.end()
  const [stdout, stderr, [code]] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    once(child, 'exit'),
  ])
  return { stdout, stderr, code }
}

/** A folder that `close` removes. */
export async function openFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'classify-url-'))
  return { folder, close: () => rm(folder, { recursive: true }) }
}
