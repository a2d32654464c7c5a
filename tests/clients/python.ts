import { execFile } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

const CACHE = join(import.meta.dirname, '../../node_modules/.cache/clients')

/**
 * The Python of a virtual environment that holds what a lock file pins, by hash and nothing else. It is
 * made at the first call, and again after a change of the file. Needs Python 3.10 or newer with venv;
 * tried with 3.11. `built`: packages that are published as sources alone.
 */
export async function pythonWith(lock: string, built: readonly string[] = []): Promise<string> {
  const requirements = join(import.meta.dirname, 'python/requirements', `${lock}.txt`)
  const wanted = await readFile(requirements, 'utf8')
  const environment = join(CACHE, lock)
  const python = join(environment, 'bin/python')
  const installed = join(environment, 'requirements.txt')
  if ((await readFile(installed, 'utf8').catch(() => '')) === wanted) return python

  await rm(environment, { recursive: true, force: true })
  await mkdir(CACHE, { recursive: true })
  await run('python3', ['-m', 'venv', environment])
  const options = ['--quiet', '--require-hashes', '--only-binary=:all:']
  const sources = built.map((name) => `--no-binary=${name}`)
  await run(python, ['-m', 'pip', 'install', ...options, ...sources, '--requirement', requirements])
  await writeFile(installed, wanted)
  return python
}
