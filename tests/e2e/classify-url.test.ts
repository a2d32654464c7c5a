import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RUNTIMES, ServiceProcess, TINY_MODEL } from '../../harness/process.ts'
import { openFolder, polarity, SETTINGS, tableOf } from './classify-url.ts'

let folder: string
let close: () => Promise<void>
beforeAll(async () => {
  ;({ folder, close } = await openFolder())
})
afterAll(() => close())

describe.each(RUNTIMES)('polarity on %s, asking a service with keys', (runtime) => {
  const key = 'a-good-key'
  let service: ServiceProcess
  beforeAll(async () => {
    const API_KEYS = createHash('sha256').update(key).digest('hex')
    service = await new ServiceProcess(runtime, { ...SETTINGS, API_KEYS }).ready()
  })
  afterAll(() => service.stop())

  it('gives the rows of the model here', async () => {
    const file = join(folder, `${runtime}.csv`)
    await writeFile(file, `${tableOf(600, 'same')}7,\n8,"a, b\n`)
    const there = await polarity(runtime, ['classify', file, '--url', service.url], {
      POLARITY_API_KEY: key,
    })
    const here = await polarity(runtime, ['classify', file, '--model', TINY_MODEL])
    expect(there.stdout).toBe(here.stdout)
    expect([there.code, here.code]).toEqual([3, 3])
  })

  it('says what a text is', async () => {
    const { stdout } = await polarity(runtime, ['good', '--url', service.url, '--key', key])
    expect(stdout).toMatch(/^POSITIVE 0\.\d{3}\n$/)
  })

  it.each([
    { args: [], says: 'wants an API key: give --key' },
    { args: ['--key', 'another'], says: 'does not know this API key' },
  ])('is refused in one line with $args', async ({ args, says }) => {
    const file = join(folder, `${runtime}-refused.csv`)
    await writeFile(file, 'text\ngood\n')
    const run = await polarity(runtime, ['classify', file, '--url', service.url, ...args])
    expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining(says) })
    expect(run.stderr.trim().split('\n')).toHaveLength(1)
  })

  it.each([
    { args: ['--key', 'k'], exit: 2, says: '--key needs --url' },
    { args: ['--url', 'here'], exit: 2, says: 'here is no address' },
    {
      args: ['--url', 'http://localhost', '--workers', '2'],
      exit: 2,
      says: '--workers is for the',
    },
    { args: ['--url', 'http://127.0.0.1:9'], exit: 1, says: 'no answer from http://127.0.0.1:9: ' },
  ])('refuses $args in one line', async ({ args, exit, says }) => {
    const { stderr, code } = await polarity(runtime, ['classify', ...args])
    expect([code, stderr.trim().split('\n').length]).toEqual([exit, 1])
    expect(stderr).toContain(says)
  })
})
