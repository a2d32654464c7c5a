import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { runtimePath } from '../../harness/process.ts'

const SCRIPT = join(import.meta.dirname, '../conformance/run.ts')
const NOBODY = 'http://127.0.0.1:1'

it('the conformance command counts the failed checks, and exits with 1', async () => {
  const { stdout, code } = await promisify(execFile)(runtimePath('node'), [
    SCRIPT,
    NOBODY,
    NOBODY,
  ]).then(
    ({ stdout }) => ({ stdout, code: 0 }),
    (failed: { stdout: string; code: number }) => failed,
  )
  expect(stdout).toMatch(/^FAIL /)
  expect(stdout).toMatch(/\n0 passed, \d+ failed\n$/)
  expect(code).toBe(1)
})
