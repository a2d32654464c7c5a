import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import manifest from '../package.json' with { type: 'json' }

const ROOT = join(import.meta.dirname, '..')
const DOCS = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...globSync('{docs,observability}/*.md', { cwd: ROOT }),
]

/** `app/cache/NAME.ts` and `model-ID` stand for what is to be made. */
const FILE =
  /`((?:\.github|app|bench|cli|docs|harness|kustomize|model|observability|scripts|tests)\/[\w./*-]+)/g
const SCRIPT = /\bnpm run ([\w:-]+)/g
const LINK = /\]\((?!https?:|#)([^)#]+)/g

const found = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, name = '']) => name)

describe.each(DOCS)('%s', (doc) => {
  const text = readFileSync(join(ROOT, doc), 'utf8')

  it('names files that exist', () => {
    const files = found(text, FILE).filter((file) => !/\b(NAME|ID)\b/.test(file))
    expect(files.filter((file) => globSync(file, { cwd: ROOT }).length === 0)).toEqual([])
  })

  it('names scripts that exist', () => {
    const scripts = found(text, SCRIPT)
    expect(scripts.filter((name) => !Object.hasOwn(manifest.scripts, name))).toEqual([])
  })

  it('links to files that exist', () => {
    const folder = join(ROOT, doc, '..')
    expect(found(text, LINK).filter((file) => !existsSync(join(folder, file)))).toEqual([])
  })
})

it('SECURITY.md names a test for everything that it says who may do', () => {
  const [, model = ''] = readFileSync(join(ROOT, 'SECURITY.md'), 'utf8').split(
    '## Who may do what\n',
  )
  const rows = (model.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| '))
  expect(rows.length).toBeGreaterThan(10)
  expect(rows.slice(1).filter((row) => !/`tests\/[\w./-]+\.ts`/.test(row))).toEqual([])
})
