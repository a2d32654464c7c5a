import { execFileSync } from 'node:child_process'
import { cpSync, globSync, lstatSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Build } from './manifest.ts'

const ROOT = join(import.meta.dirname, '../..')

/** What npm reads to install exactly what the lockfile has, without install scripts. */
const LOCKED = ['package.json', 'package-lock.json', '.npmrc', 'stubs']

/** What neither Node nor Bun loads. Licences stay. */
const SUPERFLUOUS = [
  '.bin',
  '.package-lock.json',
  '**/*.{map,ts,mts,cts,md,markdown}',
  '@huggingface/transformers/{src,types}',
  '@huggingface/transformers/dist/!(transformers.node.mjs)',
  'bintrees/test',
  // A second copy, by its full version, of what is loaded by another name.
  'onnxruntime-node/bin/*/darwin/*/libonnxruntime.*.*.*.dylib',
  'onnxruntime-node/script',
  'onnxruntime-web',
  'swagger-ui-dist/swagger-ui-es-bundle*',
  'zod/src',
]

/** Installs the packages of production into a folder, for these builds alone, without what is never loaded. */
export function installPackages(folder: string, builds: readonly Build[]): void {
  for (const name of LOCKED) cpSync(join(ROOT, name), join(folder, name), { recursive: true })
  const flags = ['--omit=dev', '--omit=optional', '--prefer-offline', '--no-audit', '--no-fund']
  execFileSync('npm', ['ci', ...flags], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  const modules = join(folder, 'node_modules')
  replaceLinks(modules)
  for (const name of LOCKED) rmSync(join(folder, name), { recursive: true })
  prune(modules, builds)
}

/** The stubs of this repository are links to their sources. */
function replaceLinks(modules: string): void {
  for (const name of globSync('*', { cwd: modules })) {
    const path = join(modules, name)
    if (!lstatSync(path).isSymbolicLink()) continue
    const source = realpathSync(path)
    rmSync(path)
    cpSync(source, path, { recursive: true })
  }
}

function prune(modules: string, builds: readonly Build[]): void {
  const kept = builds.map((build) => build.replace('-', '/'))
  const others = globSync('onnxruntime-node/bin/*/*/*', { cwd: modules }).filter(
    (path) => !kept.some((build) => path.endsWith(build)),
  )
  const superfluous = globSync(SUPERFLUOUS, { cwd: modules }).filter(
    (path) => !/(licen[cs]e|notice)[^/]*$/i.test(path),
  )
  for (const path of [...others, ...superfluous]) {
    rmSync(join(modules, path), { recursive: true, force: true })
  }
}
