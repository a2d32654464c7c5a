import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const FOLDER = join(import.meta.dirname, 'npm')

/** Installs what npm/package-lock.json pins, unless it is there; resolves with the folder. */
export async function installNpm(): Promise<string> {
  if (!(await isInstalled())) {
    const options = ['ci', '--no-audit', '--no-fund']
    await promisify(execFile)('npm', options, { cwd: FOLDER })
  }
  return FOLDER
}

/** npm writes what it has installed to a lockfile of the same shape. */
async function isInstalled(): Promise<boolean> {
  const [wanted, installed] = await Promise.all([
    packagesOf(join(FOLDER, 'package-lock.json')),
    packagesOf(join(FOLDER, 'node_modules/.package-lock.json')).catch(() => ({})),
  ])
  return JSON.stringify(wanted) === JSON.stringify(installed)
}

async function packagesOf(lockfile: string): Promise<object> {
  const { packages } = JSON.parse(await readFile(lockfile, 'utf8'))
  return { ...packages, '': undefined }
}
