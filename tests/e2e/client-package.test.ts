import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RUNTIMES, runtimePath, ServiceProcess } from '../../harness/process.ts'

const ROOT = join(import.meta.dirname, '../..')
const COMPILER = join(ROOT, 'node_modules/typescript/bin/tsc')
const STRICT =
  '--strict --target es2022 --module nodenext --exactOptionalPropertyTypes --noUncheckedIndexedAccess'

let room: string

/** Runs a program in the room, and resolves with its exit code and all that it printed. */
function run(program: string, ...args: readonly string[]) {
  const { promise, resolve } = Promise.withResolvers<{ code: unknown; printed: string }>()
  const env = { PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env.PATH}`, HOME: room }
  execFile(program, args, { cwd: room, env }, (error, out, err) =>
    resolve({ code: error?.code ?? 0, printed: out + err }),
  )
  return promise
}

const compile = (...flags: readonly string[]) =>
  run(runtimePath('node'), COMPILER, '--ignoreConfig', ...STRICT.split(' '), ...flags)

beforeAll(async () => {
  room = await mkdtemp(join(tmpdir(), 'client-'))
  const { code, printed } = await run('npm', 'pack', join(ROOT, 'client'), '--silent')
  expect(printed).toMatch(/polarity-client-.*\.tgz/)
  expect(code).toBe(0)
  await writeFile(join(room, 'package.json'), '{ "type": "module", "private": true }')
  const install = ['install', '--offline', '--no-audit', '--no-fund', `./${printed.trim()}`]
  expect(await run('npm', ...install)).toMatchObject({ code: 0 })
  await cp(join(ROOT, 'tests/fixtures/client-program.txt'), join(room, 'program.ts'))
})
afterAll(() => rm(room, { recursive: true }))

describe('the package', () => {
  it('holds what is compiled, its README and the licence, and needs no other package', async () => {
    const installed = join(room, 'node_modules/polarity-client')
    expect((await readdir(installed)).sort()).toEqual([
      'LICENSE',
      'README.md',
      'dist',
      'package.json',
    ])
    expect(
      (await readdir(join(room, 'node_modules'))).filter((name) => !name.startsWith('.')),
    ).toEqual(['polarity-client'])
  })

  it('imports nothing but its own files', async () => {
    const dist = join(room, 'node_modules/polarity-client/dist')
    for (const file of await readdir(dist)) {
      const text = await readFile(join(dist, file), 'utf8')
      const imported = [...text.matchAll(/\b(?:from|import\(?) ?['"]([^'"]+)/g)].map(
        ([, name]) => name,
      )
      expect(imported.filter((name) => !/^\.\/[\w-]+\.[jt]s$/.test(name ?? ''))).toEqual([])
    }
  })

  it('needs no types but those of a browser', async () => {
    await mkdir(join(room, 'page'))
    const page =
      "import { PolarityClient } from 'polarity-client'\nnew PolarityClient(location.origin)\n"
    await writeFile(join(room, 'page/page.ts'), page)
    const flags = ['--lib', 'es2022,dom', '--types', '', '--noEmit', 'page/page.ts']
    expect(await compile(...flags)).toEqual({ code: 0, printed: '' })
  })

  it('has examples in its README that compile', async () => {
    const readme = await readFile(join(ROOT, 'client/README.md'), 'utf8')
    const examples = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code)
    expect(examples.length).toBeGreaterThan(2)
    await mkdir(join(room, 'readme'))
    for (const [i, code] of examples.entries()) {
      await writeFile(join(room, `readme/${i}.ts`), `${code}\nexport {}\n`)
    }
    const files = examples.map((_, i) => `readme/${i}.ts`)
    const flags = ['--lib', 'esnext,dom', '--types', '', '--noEmit', ...files]
    expect(await compile(...flags)).toEqual({ code: 0, printed: '' })
  })
})

describe.each(RUNTIMES)('a program that uses the package', (runtime) => {
  let service: ServiceProcess
  beforeAll(async () => {
    service = await new ServiceProcess(runtime, { WORKERS: '1' }).ready()
    const types = ['--types', 'node', '--typeRoots', join(ROOT, 'node_modules/@types')]
    expect(await compile(...types, '--outDir', 'out', 'program.ts')).toEqual({
      code: 0,
      printed: '',
    })
  })
  afterAll(() => service.stop())

  it.each([
    ['node', 'out/program.js'],
    ['bun', 'program.ts'],
  ] as const)(`runs against ${runtime}, on %s`, async (on, file) => {
    const { printed } = await run(runtimePath(on), file, service.url)
    expect(JSON.parse(printed)).toEqual({
      one: 'POSITIVE',
      two: 2,
      code: 'invalid_request',
      rows: [0, 1],
    })
  })
})
