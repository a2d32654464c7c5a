import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CONFIG_NAMES, loadConfig } from '../app/config.ts'
import { loadPages } from '../app/http/pages.ts'
import { createTestApp } from './fakes.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const defaults: Record<string, unknown> = loadConfig({})

/** Rows of the configuration table: name and default. */
const rows = [...readme.matchAll(/^\| `([A-Z_]+)` \| ([^|]*) \|/gm)].map(
  ([, name = '', value = '']) => ({ name, value: value.trim() }),
)

const shown = (value: unknown) =>
  value === undefined || (Array.isArray(value) && value.length === 0) ? '' : `\`${value}\``

describe('the README', () => {
  it('lists every name of the environment', () => {
    expect(rows.map((row) => row.name)).toEqual(CONFIG_NAMES)
  })

  it.each(rows)('has the default of $name', ({ name, value }) => {
    expect(value).toBe(shown(defaults[name]))
  })

  it('lists every route', async () => {
    const { routes } = createTestApp({ pages: await loadPages() })
    const missing = routes
      .filter(({ method, path }) => method !== 'ALL' && !/^\/web\/|\*/.test(path))
      .map(({ method, path }) => `\`${method} ${path}\``)
      .filter((route) => !readme.includes(route))
    expect(missing).toEqual([])
  })
})
