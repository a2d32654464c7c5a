// npm installs this project without install scripts (see .npmrc), this project's own among them. So
// `npm start`, `npm test` and others run this first; where all is done it only looks.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const PACKAGES = new URL('../node_modules/', import.meta.url)
const STUB_BYTES = 4096

/** The `bun` package holds a stub in place of its binary until its own script has run. */
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

/** Of folders named for what they are for all but one; none where that one is missing. */
function othersThan(name, folders) {
  return folders.some((folder) => nameOf(folder) === name)
    ? folders.filter((folder) => nameOf(folder) !== name)
    : []
}

/** The builds for other platforms, all of which are in the one package of onnxruntime. */
function* otherBuilds() {
  for (const version of foldersIn(new URL('onnxruntime-node/bin/', PACKAGES))) {
    yield* othersThan(process.platform, foldersIn(version))
    // Macs and Windows run programs for x64 on arm64, so that Bun's processor may not be Node's.
    if (process.platform !== 'linux') continue
    yield* othersThan(process.arch, foldersIn(new URL('linux/', version)))
  }
}

/** What C++ programs that are built against Node would include. */
const nodeHeaders = () =>
  ['x64', 'arm64'].map((cpu) => new URL(`node-linux-${cpu}/include/`, PACKAGES))

placeBun()
for (const folder of [...otherBuilds(), ...nodeHeaders()]) {
  rmSync(folder, { recursive: true, force: true })
}
