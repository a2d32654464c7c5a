import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type Program, run } from './program.ts'
import type { Place } from './runtimes.ts'

/** Nothing answers there: whatever asks a registry fails. */
const NO_REGISTRY = 'http://127.0.0.1:9'

/** What somebody has who has this runtime alone, in an empty folder. */
function emptyFolder({ name, path }: Place, folder: string): Omit<Program, 'command'> {
  const home = `${folder}.home`
  mkdirSync(folder, { recursive: true })
  mkdirSync(home)
  for (const program of name.startsWith('Bun') ? ['bun', 'bunx'] : ['node']) {
    symlinkSync(path, join(home, program))
  }
  const env = {
    PATH: `${home}:/usr/local/bin:/usr/bin:/bin`,
    HOME: home,
    npm_config_registry: NO_REGISTRY,
    npm_config_update_notifier: 'false',
    BUN_CONFIG_REGISTRY: NO_REGISTRY,
  }
  return { folder, env }
}

async function succeed(program: Program, args: readonly string[]): Promise<string> {
  const { stdout, stderr, code } = await run(program, args)
  assert.equal(code, 0, `${program.command.join(' ')} ${args.join(' ')}: ${stdout}${stderr}`)
  return stdout
}

/** Installs the file in an empty folder, as its runtime does. */
export async function install(tarball: string, place: Place, folder: string): Promise<Program> {
  const empty = emptyFolder(place, folder)
  if (place.name.startsWith('Bun')) {
    await succeed({ ...empty, command: ['bun', 'add'] }, [tarball])
    return { ...empty, command: ['bunx', '--bun', 'polarity'] }
  }
  await succeed({ ...empty, command: ['npm', 'install', '--no-audit', '--no-fund'] }, [tarball])
  return { ...empty, command: [join(folder, 'node_modules/.bin/polarity')] }
}

/** Runs the file itself, as `npx` and `bunx` do. */
export async function runOnce(tarball: string, place: Place, folder: string): Promise<void> {
  const empty = emptyFolder(place, folder)
  // npx takes a path that begins with a slash for a program.
  copyFileSync(tarball, join(folder, basename(tarball)))
  const command: Program['command'] = place.name.startsWith('Bun')
    ? ['bunx', '--bun', '--package', tarball, 'polarity']
    : ['npx', '--yes', `./${basename(tarball)}`]
  assert.match(await succeed({ ...empty, command }, ['I love it']), /^POSITIVE 0\.9\d\d\n$/)
}
