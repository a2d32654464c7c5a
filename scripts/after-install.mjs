// npm runs no install scripts here (see .npmrc), so `npm start`, `npm test` and others run this
// first. It is idempotent: once everything is in place it changes nothing.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const PACKAGES = new URL('../node_modules/', import.meta.url)
const STUB_BYTES = 4096

/** The `bun` package holds a stub instead of its binary until its install script has run. */
function placeBun() {
  const folder = new URL('bun/', PACKAGES)
  const { bin } = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8'))
  if (statSync(new URL(bin.bun, folder)).size >= STUB_BYTES) return
  const script = fileURLToPath(new URL('install.js', folder))
  execFileSync(process.execPath, [script], { cwd: fileURLToPath(folder), stdio: 'inherit' })
}

const foldersIn = (folder) =>
  existsSync(folder) ? readdirSync(folder).map((name) => new URL(`${name}/`, folder)) : []

const nameOf = (folder) => folder.pathname.split('/').at(-2)

/** All folders but the one of this name; none if that one is missing. */
function allBut(name, folders) {
  return folders.some((folder) => nameOf(folder) === name)
    ? folders.filter((folder) => nameOf(folder) !== name)
    : []
}

/** Builds for other platforms: onnxruntime-node is one package for all. */
function* otherBuilds() {
  for (const version of foldersIn(new URL('onnxruntime-node/bin/', PACKAGES))) {
    yield* allBut(process.platform, foldersIn(version))
    // macOS and Windows emulate x64 on arm64, so Bun and Node may differ in their architecture.
    if (process.platform !== 'linux') continue
    yield* allBut(process.arch, foldersIn(new URL('linux/', version)))
  }
}

/** Headers to build C++ addons for Node, which nothing here does. */
const nodeHeaders = () =>
  ['x64', 'arm64'].map((cpu) => new URL(`node-linux-${cpu}/include/`, PACKAGES))

placeBun()
for (const folder of [...otherBuilds(), ...nodeHeaders()]) {
  rmSync(folder, { recursive: true, force: true })
}
