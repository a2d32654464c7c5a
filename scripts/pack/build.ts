import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile } from './compile.ts'
import { type Build, toManifest } from './manifest.ts'
import { installPackages } from './packages.ts'

const ROOT = join(import.meta.dirname, '../..')

/** Builds the package in a folder, which is emptied first. */
export function buildPackage(folder: string, builds: readonly Build[]): void {
  // Not `node_modules` of the package itself: npm and Bun believe that they know what belongs there.
  const lib = join(folder, 'lib')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(lib, { recursive: true })
  installPackages(lib, builds)
  compile(lib)
  cpSync(join(import.meta.dirname, 'files'), folder, { recursive: true })
  cpSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'))
  for (const file of ['package.json', 'lib/package.json']) {
    writeFileSync(join(folder, file), `${JSON.stringify(toManifest(builds), null, 2)}\n`)
  }
}
