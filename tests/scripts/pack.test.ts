import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { runtimePath } from '../../harness/process.ts'
import manifest from '../../package.json' with { type: 'json' }
import { buildPackage } from '../../scripts/pack/build.ts'
import { compiledFiles } from '../../scripts/pack/compile.ts'
import { BUILDS } from '../../scripts/pack/manifest.ts'
import { packFolder } from '../../scripts/pack/tarball.ts'
import { CHECKS } from '../pack/checks.ts'
import { PLACES } from '../pack/runtimes.ts'

const room = mkdtempSync(join(tmpdir(), 'pack-'))
const folder = join(room, 'package')
let paths: readonly string[]

const filesIn = (pattern: string) => globSync(pattern, { cwd: folder })
const read = (file: string) => readFileSync(join(folder, file), 'utf8')

const compiled = () => compiledFiles(join(folder, 'lib')).map((file) => `lib/${file}`)

beforeAll(() => {
  buildPackage(folder, BUILDS)
  paths = packFolder(folder, room, { dryRun: true }).paths
}, 180_000)
afterAll(() => rmSync(room, { recursive: true }))

describe('the package', () => {
  it.each([
    'LICENSE',
    'README.md',
    'bin/polarity.js',
    'lib/app/web/index.html',
    'lib/app/workers/inference-worker.js',
    'lib/cli/polarity.js',
    'lib/model/catalog.json',
    'lib/model/sst2-minilm/onnx/model_quantized.onnx',
    'lib/node_modules/hono/package.json',
    'lib/node_modules/hono/LICENSE',
    'lib/node_modules/sharp/sharp.js',
  ])('holds %s', (file) => {
    expect(paths).toContain(file)
  })

  it('holds onnxruntime for each platform that it is built for, and for no other', () => {
    const builds = paths.filter((path) => path.endsWith('onnxruntime_binding.node'))
    const found = builds.map((path) => path.split('/').slice(-3, -1).join('-'))
    expect(found.toSorted()).toEqual(BUILDS.toSorted())
  })

  it('starts the runtime as a checkout does', () => {
    const [, start] = /^#!\/usr\/bin\/env -S (.*)/.exec(read('bin/polarity.js')) ?? []
    expect(manifest.scripts.polarity).toBe(`${start} cli/polarity.ts`)
  })

  it('holds no sources, tests, scripts or tools', () => {
    const foreign = /\.tsx?$|\.py$|\.map$|^lib\/(tests|bench|harness|scripts|stubs|k6)\//
    expect(paths.filter((path) => foreign.test(path))).toEqual([])
  })

  it('asks for no other package, and runs nothing when it is installed', () => {
    const { dependencies, scripts, version } = z
      .looseObject({
        version: z.string(),
        dependencies: z.unknown().optional(),
        scripts: z.unknown().optional(),
      })
      .parse(JSON.parse(read('package.json')))
    expect({ dependencies, scripts, version }).toEqual({ version: manifest.version })
    expect(paths.filter((path) => path.startsWith('node_modules'))).toEqual([])
  })

  it('names no file that was not compiled, and imports no JSON, of which Node 20 warns', () => {
    for (const file of compiled()) {
      expect([file, read(file).match(/(from |import\(|URL\()'\.[^']*\.ts'|type: 'json'/g)]).toEqual(
        [file, null],
      )
    }
  })

  it('imports nothing that it lacks, but for what only makers of models do', () => {
    const imported = compiled()
      .flatMap((file) => [
        ...read(file).matchAll(/(?:from |import\(|^import )'([^'.\s][^'\s]*)'/gm),
      ])
      .map(([, name = '']) => /^(@[^/]+\/)?[^/]+/.exec(name.replace(/^node:/, ''))?.[0] ?? '')
    const lacking = [...new Set(imported)].filter(
      (name) =>
        !builtinModules.includes(name) && !paths.includes(`lib/node_modules/${name}/package.json`),
    )
    expect(lacking.toSorted()).toEqual(['@huggingface/hub', 'd3-scale', 'p-retry'])
  })

  it.each([
    ['an older Node', 'process, "versions", { value: { node: "18.20.4" } }', 'needs Node 20.19'],
    ['another platform', 'process, "platform", { value: "sunos" }', 'is built for linux-x64'],
  ])('tells %s in one line that it does not run there', (_, pretended, says) => {
    const code = `Object.defineProperty(${pretended}); await import('${folder}/bin/polarity.js')`
    const flags = ['--input-type=module', '--eval', code]
    const { stderr, status } = spawnSync(runtimePath('node'), flags, { encoding: 'utf8' })
    expect(stderr).toContain(`polarity: ${says}`)
    expect([status, stderr.trim().split('\n').length]).toEqual([1, 1])
  })
})

describe.each(PLACES)('the compiled command on $name', ({ name, path }) => {
  const empty = join(room, name)
  const program = {
    command: [path, join(folder, 'bin/polarity.js')],
    folder: empty,
    env: { PATH: process.env.PATH, HOME: empty },
  } as const
  const written = () => filesIn('**').map((file) => [file, statSync(join(folder, file)).mtimeMs])
  let before: unknown
  beforeAll(() => {
    mkdirSync(empty)
    before = written()
  })

  it.each(CHECKS.filter(({ isQuick }) => isQuick))('$name', async (check) => {
    await check.run(program)
  })

  it('leaves its own folder as it was', () => {
    expect(written()).toEqual(before)
  })
})
