import { createHash } from 'node:crypto'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RUNTIMES, ServiceProcess, TINY_MODEL } from '../../harness/process.ts'

const line = (name: string, key: string) =>
  `${name} ${createHash('sha256').update(key).digest('hex')}\n`

describe.each(RUNTIMES)('a key file on %s', (runtime) => {
  let folder: string
  let file: string
  let service: ServiceProcess
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keys-'))
    file = join(folder, 'keys')
    await put(line('ada', 'first-key') + line('bob', 'other-key'))
    const env = { MODEL: TINY_MODEL, WORKERS: '1', DRAIN_SECONDS: '0', API_KEYS_FILE: file }
    service = await new ServiceProcess(runtime, env).ready()
  })
  afterAll(async () => {
    await service.stop()
    await rm(folder, { recursive: true })
  })

  async function put(text: string): Promise<void> {
    await writeFile(`${file}.new`, text)
    await rename(`${file}.new`, file)
  }

  const ask = async (key: string) =>
    fetch(`${service.url}/predict`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: '{"text":["good"]}',
    })

  it('names each caller, and shows no key', async () => {
    expect((await ask('first-key')).status).toBe(200)
    expect(await service.waitFor('request')).toMatchObject({ status: 200, key: 'ada' })
    expect(await service.metric('polarity_key_texts_total{key="ada"}')).toBe(1)
    expect(service.output).not.toContain('first-key')
  })

  it('keeps its keys while it is broken', async () => {
    await put('S3cr3t\n')
    await service.until('polarity_api_key_reload_failures_total', (failures) => failures > 0)
    expect((await ask('first-key')).status).toBe(200)
    const line = await service.waitFor('api_keys_not_loaded')
    expect(line).toMatchObject({ level: 'error', keys: 2 })
    expect(service.output).not.toContain('S3cr3t')
  })

  it('takes a new key and refuses a revoked one, without a restart', async () => {
    await put(line('ada', 'second-key'))
    await service.until('polarity_api_keys', (keys) => keys === 1)
    const answers = await Promise.all(['second-key', 'first-key', 'other-key'].map(ask))
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 401])
    expect(answers[1]?.headers.get('www-authenticate')).toContain('error="invalid_token"')
  })
})

it.each(RUNTIMES)('a bad key file ends the start in one line on %s', async (runtime) => {
  const folder = await mkdtemp(join(tmpdir(), 'keys-'))
  const file = join(folder, 'keys')
  await writeFile(file, `${line('ada', 'one')}\nplr_S3cr3t\n`)
  const service = new ServiceProcess(runtime, { API_KEYS_FILE: file })
  expect(await service.exit()).toBe(1)
  await rm(folder, { recursive: true })
  const said = service.output.split('\n').filter((text) => !text.startsWith('{'))
  expect(said).toEqual([expect.stringContaining('API_KEYS_FILE: line 3 is not a name and')])
  expect(service.output).not.toContain('S3cr3t')
})
