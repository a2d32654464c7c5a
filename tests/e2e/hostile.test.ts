import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { RUNTIMES, runtimePath } from '../../harness/process.ts'

const ROOT = join(import.meta.dirname, '../..')
const SUITE = join(ROOT, 'tests/hostile/run.ts')

/** Other tests run meanwhile, so bounds of time are wide; what breaks them takes ten times as long. */
const SLACK = ['--slack', '8']

describe.each(RUNTIMES)('the service on %s', (runtime) => {
  it.each(['raw', 'json', 'dialects', 'disk'])(
    'holds out against the part of the hostile suite: %s',
    (part) => {
      const options = ['--runtime', runtime, '--part', part, ...SLACK]
      const { stdout, status } = spawnSync(runtimePath('node'), [SUITE, ...options], {
        cwd: ROOT,
        encoding: 'utf8',
      })
      expect(stdout.split('\n').filter((line) => line.startsWith('BROKE'))).toEqual([])
      expect(stdout).toMatch(/\n[1-9]\d* held, 0 broke/)
      expect(status).toBe(0)
    },
    120_000,
  )
})
