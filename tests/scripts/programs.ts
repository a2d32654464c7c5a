import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')

/** Where a program of the machine is; undefined if it is nowhere. */
export function pathOf(program: string): string | undefined {
  const places = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, program))
  return places.find((place) => existsSync(place))
}

export const hasKubectl = (() => {
  if (pathOf('kubectl')) return true
  process.stderr.write('Tests of deployments are skipped: install kubectl\n')
  return false
})()

/** The packages of a checkout, without what is built into `.cache`; and the programs that it may call. */
export function linkPrograms(checkout: string): void {
  const packages = readdirSync(join(ROOT, 'node_modules')).filter((name) => !name.startsWith('.'))
  for (const name of packages)
    link(join(ROOT, 'node_modules', name), join(checkout, 'node_modules', name))
  for (const name of ['git', 'kubectl', 'sh', 'mktemp'])
    link(pathOf(name) ?? name, join(checkout, 'node_modules/bin', name))
  link(process.execPath, join(checkout, 'node_modules/bin/node'))
}

/** Puts a file or folder of the machine into the checkout, without a copy. */
function link(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  symlinkSync(from, to)
}
