import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const containerfile = readFileSync(join(ROOT, 'Containerfile'), 'utf8')

describe('the Containerfile', () => {
  it('runs commands that exist', () => {
    const runs = [...containerfile.matchAll(/\bnode (cli\/\S+) (\w+)/g)]
    expect(runs.length).toBeGreaterThan(2)
    for (const [, file = '', command] of runs) {
      expect(existsSync(join(ROOT, file))).toBe(true)
      expect(existsSync(join(ROOT, `cli/commands/${command}.ts`))).toBe(true)
    }
  })

  it('has the rest of the service wherever it runs them', () => {
    const stages = containerfile.split(/^FROM /m).filter((stage) => stage.includes('node cli/'))
    expect(stages.every((stage) => stage.includes('COPY app app\nCOPY cli cli\n'))).toBe(true)
  })
})
