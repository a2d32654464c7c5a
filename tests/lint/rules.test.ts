import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

const ROOT = join(import.meta.dirname, '../..')
const Report = z.object({ diagnostics: z.array(z.object({ message: z.string() })) })

describe('the lint rule against what hangs Bun', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'polarity-lint-'))
    mkdirSync(join(folder, 'tests'))
    cpSync(join(ROOT, 'biome.json'), join(folder, 'biome.json'))
    cpSync(join(ROOT, 'tests/lint'), join(folder, 'tests/lint'), { recursive: true })
    execFileSync('git', ['init', '--quiet'], { cwd: folder })
    writeFileSync(join(folder, '.gitignore'), '')
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  /** What Biome says of a test with this line in it, with this project's settings. */
  function complaintsOf(line: string): string[] {
    const file = join(folder, 'tests/planted.test.ts')
    writeFileSync(
      file,
      `import { expect, it } from 'vitest'\nit('waits', async () => {\n${line}\n})\n`,
    )
    const biome = join(ROOT, 'node_modules/.bin/biome')
    const { stdout } = spawnSync(biome, ['lint', '--reporter=json', 'tests/planted.test.ts'], {
      cwd: folder,
      encoding: 'utf8',
    })
    return Report.parse(JSON.parse(stdout)).diagnostics.map(({ message }) => message)
  }

  it.each([
    'await expect(Promise.reject(1)).rejects.toBe(1)',
    'await expect(Promise.resolve(1)).resolves.toBe(1)',
    'await expect(Promise.resolve(1)).not.rejects.toBe(1)',
  ])('finds %s', (line) => {
    expect(complaintsOf(line)).toEqual([expect.stringContaining('hangs the run')])
  })

  it('finds nothing in a promise that is awaited by itself', () => {
    expect(complaintsOf('expect(await Promise.resolve(1)).toBe(1)')).toEqual([])
  })
})
