import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CONFIG_NAMES, loadConfig } from '../app/config.ts'
import { ERROR_CODES, PROBLEMS } from '../app/errors.ts'
import { loadPages } from '../app/http/pages.ts'
import { createTestApp } from './fakes.ts'

const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')
const readme = read('README.md')
const api = read('docs/api.md') + read('docs/dialects.md')
const defaults: Record<string, unknown> = loadConfig({})

/** Rows of the configuration table: name and default. */
const rows = [...read('docs/configuration.md').matchAll(/^\| `([A-Z_]+)` \| ([^|]*) \|/gm)].map(
  ([, name = '', value = '']) => ({ name, value: value.trim() }),
)

const shown = (value: unknown) =>
  value === undefined || (Array.isArray(value) && value.length === 0) ? '' : `\`${value}\``

describe('the configuration reference', () => {
  it('lists every name of the environment', () => {
    expect(rows.map((row) => row.name)).toEqual(CONFIG_NAMES)
  })

  it.each(rows)('has the default of $name', ({ name, value }) => {
    expect(value).toBe(shown(defaults[name]))
  })
})

describe('the API reference', () => {
  it('lists every route', async () => {
    const { routes } = createTestApp({ pages: await loadPages() })
    const missing = routes
      .filter(({ method, path }) => method !== 'ALL' && !/^\/web\/|\*/.test(path))
      .map(({ method, path }) => `\`${method} ${path}`)
      .filter((route) => !api.includes(route))
    expect(missing).toEqual([])
  })

  it.each(ERROR_CODES)('has the status of %s', (code) => {
    const row = new RegExp(
      `^\\| [\\d, ]*\\b${PROBLEMS[code].status}\\b[\\d, ]* \\|.*\`${code}\``,
      'm',
    )
    expect(api).toMatch(row)
  })

  it('shows an error body with the title of its status', () => {
    expect(api).toContain(`"title": "${PROBLEMS.invalid_request.title}"`)
  })
})

describe('the README', () => {
  it('is read in two minutes', () => {
    expect(readme.split('\n').length).toBeLessThanOrEqual(130)
  })

  it('names settings that exist', () => {
    const names = [...readme.matchAll(/^\| (`[A-Z_`, ]+`) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([A-Z_]+)`/g)].map(([, name = '']) => name),
    )
    expect(names).toContain('PORT')
    expect(names.filter((name) => !CONFIG_NAMES.includes(name))).toEqual([])
  })
})
