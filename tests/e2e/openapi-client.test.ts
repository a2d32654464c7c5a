import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RUNTIMES, runtimePath, ServiceProcess, TINY_MODEL } from '../../harness/process.ts'

const ROOT = join(import.meta.dirname, '../..')
const TOOLS = join(ROOT, 'node_modules/.cache/api-tools')
const KEY = 'a-good-key'
const API_KEYS = createHash('sha256').update(KEY).digest('hex')

const hasTools = existsSync(join(TOOLS, 'installed'))
if (!hasTools) {
  process.stderr.write('Tests of the API document are skipped: bash scripts/build-api-tools.sh\n')
}

/** Runs a program of Node's, and resolves with its exit code and all that it printed. */
function node(script: string, args: readonly string[]) {
  const { promise, resolve } = Promise.withResolvers<{ code: unknown; printed: string }>()
  const env = { PATH: process.env.PATH, REDOCLY_TELEMETRY: 'off', CI: 'true' }
  execFile(runtimePath('node'), [script, ...args], { cwd: TOOLS, env }, (error, out, err) =>
    resolve({ code: error?.code ?? 0, printed: out + err }),
  )
  return promise
}
const tool = (name: string, ...args: readonly string[]) =>
  node(join(TOOLS, 'node_modules', name), args)

describe.skipIf(!hasTools).each([
  ['with keys', { API_KEYS }],
  ['without keys', {}],
])('the API document %s', (_, env) => {
  let room: string
  let document: string
  beforeAll(async () => {
    room = await mkdtemp(join(TOOLS, 'lint-'))
    document = join(room, 'openapi.json')
    const settings = { MODEL: TINY_MODEL, WORKERS: '1', ...env }
    const service = await new ServiceProcess('node', settings).ready()
    await writeFile(document, await (await fetch(`${service.url}/openapi.json`)).text())
    await service.stop()
  })
  afterAll(() => rm(room, { recursive: true }))

  it('has no errors by Redocly’s recommended rules', async () => {
    const args = ['lint', document, '--extends', 'recommended']
    const { code, printed } = await tool('@redocly/cli/bin/cli.js', ...args)
    expect(printed).toContain('is valid')
    expect(code).toBe(0)
  })

  it('has no errors by Spectral’s rules of OpenAPI', async () => {
    const rules = join(room, 'rules.yaml')
    await writeFile(rules, 'extends: ["spectral:oas"]\n')
    const args = ['lint', document, '--ruleset', rules, '--fail-severity', 'error']
    const { code, printed } = await tool('@stoplight/spectral-cli/dist/index.js', ...args)
    expect(printed).toMatch(/\(0 errors,|No results/)
    expect(code).toBe(0)
  })
})

describe.skipIf(!hasTools).each(RUNTIMES)('a client made from the document on %s', (runtime) => {
  let room: string
  let service: ServiceProcess
  let compiled: { code: unknown; printed: string }
  beforeAll(async () => {
    room = await mkdtemp(join(TOOLS, 'client-'))
    const settings = { MODEL: TINY_MODEL, WORKERS: '1', API_KEYS }
    service = await new ServiceProcess(runtime, settings).ready()
    await cp(join(ROOT, 'tests/fixtures/openapi-client.txt'), join(room, 'client.ts'))
    await writeFile(
      join(room, 'openapi.json'),
      await (await fetch(`${service.url}/openapi.json`)).text(),
    )
    const args = [join(room, 'openapi.json'), '--output', join(room, 'schema.d.ts')]
    expect((await tool('openapi-typescript/bin/cli.js', ...args)).code).toBe(0)
    const flags =
      `--ignoreConfig --rootDir ${room} --outDir ${room}/out --strict --target esnext --module nodenext ` +
      `--exactOptionalPropertyTypes --types node --typeRoots ${ROOT}/node_modules/@types`
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc')
    compiled = await node(compiler, [...flags.split(' '), join(room, 'client.ts')])
  })
  afterAll(async () => {
    await service.stop()
    await rm(room, { recursive: true })
  })

  it('compiles under strict rules', () => {
    expect(compiled).toEqual({ code: 0, printed: '' })
  })

  it('gets answers from the service', async () => {
    const { code, printed } = await node(join(room, 'out/client.js'), [service.url, KEY])
    expect(code).toBe(0)
    expect(JSON.parse(printed)).toEqual({
      labels: ['NEGATIVE', 'POSITIVE'],
      status: [200, 200, 'healthy'],
    })
  })

  it('is told why it gets none', async () => {
    const { printed } = await node(join(room, 'out/client.js'), [service.url, 'wrong'])
    expect(JSON.parse(printed)).toEqual({
      labels: [],
      code: 'unauthorized',
      status: [401, 401, 'healthy'],
    })
  })
})
