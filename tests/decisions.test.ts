import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import manifest from '../package.json' with { type: 'json' }

const decisions = readFileSync(new URL('../docs/decisions.md', import.meta.url), 'utf8')
const [tables = ''] = decisions.split('\n## Not used')

/** The packages named in the first column. */
const explained = [...tables.matchAll(/^\| (`.*?) \| (.*) \|$/gm)].flatMap(([, names = '']) =>
  [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
)
const packages = [
  ...Object.keys(manifest.dependencies),
  ...Object.keys(manifest.devDependencies),
  ...Object.keys(manifest.optionalDependencies),
]

describe('the decisions', () => {
  it('give a reason for every package', () => {
    expect(packages.filter((name) => !explained.includes(name))).toEqual([])
  })

  it('name no package that is not used', () => {
    expect(explained.filter((name) => !packages.some((known) => known === name))).toEqual([])
  })
})
