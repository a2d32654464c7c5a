import { execFile, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RUNTIMES, ServiceProcess, TINY_MODEL } from '../../harness/process.ts'

const api = readFileSync(join(import.meta.dirname, '../../docs/api.md'), 'utf8')
const [, example = ''] = /^```python\n(.*?)^```/ms.exec(api) ?? []

const hasRequests = spawnSync('python3', ['-c', 'import requests']).status === 0
if (!hasRequests) {
  process.stderr.write(
    'Tests of the Python example are skipped: apt-get install python3-requests\n',
  )
}

describe.skipIf(!hasRequests).each(RUNTIMES)('the Python example of the API on %s', (runtime) => {
  let service: ServiceProcess
  beforeAll(async () => {
    const settings = { MODEL: TINY_MODEL, WORKERS: '1', RATE_LIMIT_TEXTS_PER_MINUTE: '600' }
    service = await new ServiceProcess(runtime, settings).ready()
  })
  afterAll(() => service.stop())

  /** What the example prints with one more line, in which `url` is the service's. */
  const python = (line: string) => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const program = `${example}\nurl = "${service.url}"\n${line}\n`
    execFile('python3', ['-c', program], (_, out, err) => resolve(out + err))
    return promise
  }

  it('gets answers in order, and waits where the service asks for it', async () => {
    const line = 'print(sum(l == "POSITIVE" for l in classify(url, ["good", "bad"] * 305)))'
    expect(await python(line)).toBe('305\n')
  })

  it('says what is wrong with a text', async () => {
    expect(await python('print(list(classify(url, ["good", " "])))')).toContain(
      "ValueError: [{'path': 'text[1]', 'message': 'Must not be blank.'}]",
    )
  })
})
