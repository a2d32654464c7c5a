import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ServiceProcess } from '../../harness/process.ts'

const SCRIPT = join(import.meta.dirname, '../../scripts/smoke.ts')

const smokeAs = (env: Record<string, string>, ...args: string[]) =>
  spawnSync(process.execPath, [SCRIPT, ...args, '--attempts', '1'], { encoding: 'utf8', env })
const smoke = (...args: string[]) => smokeAs({}, ...args)

describe('the smoke test', () => {
  let service: ServiceProcess
  beforeAll(async () => {
    service = await new ServiceProcess('bun').ready()
  })
  afterAll(() => service.stop())

  it('describes the service', () => {
    const { status, stdout } = smoke(service.url, '--model', 'sst2-minilm')
    expect(stdout).toMatch(/sst2-minilm, version \d+\.\d+\.\d+, X-Cache/)
    expect(status).toBe(0)
  })

  it('fails if the service runs another model', () => {
    const { status, stderr } = smoke(service.url, '--model', 'distilbert-sst2')
    expect(stderr).toContain('runs sst2-minilm, not distilbert-sst2')
    expect(status).toBe(1)
  })

  it('fails if the service is not Polarity', () => {
    const { status, stderr } = smoke(service.internalUrl)
    expect(stderr).toContain('/info responds 404')
    expect(status).toBe(1)
  })

  it('fails if the service is unreachable', () => {
    const { status, stderr } = smoke('http://127.0.0.1:1')
    expect(stderr).toContain('failed')
    expect(status).toBe(1)
  })
})

describe('the smoke test of a service with API keys', () => {
  const KEY = 'a-key-of-the-tests'
  const API_KEYS = createHash('sha256').update(KEY).digest('hex')
  let service: ServiceProcess
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'polarity-smoke-'))
    service = await new ServiceProcess('bun', { API_KEYS }).ready()
  })
  afterAll(async () => {
    rmSync(folder, { recursive: true })
    await service.stop()
  })

  it('passes with a key of the environment', () => {
    const { status, stderr } = smokeAs({ POLARITY_API_KEY: KEY }, service.url)
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })

  it('passes with a key of a file', () => {
    const file = join(folder, 'key')
    writeFileSync(file, `${KEY}\n`)
    const { status, stderr } = smoke(service.url, '--key-file', file)
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })

  it('fails without a key, and says where it is read from', () => {
    const { status, stderr } = smoke(service.url)
    expect(stderr).toContain('/predict responds 401: set POLARITY_API_KEY or --key-file')
    expect(status).toBe(1)
  })

  it('fails with an unknown key, which it does not show', () => {
    const { status, stdout, stderr } = smokeAs({ POLARITY_API_KEY: 'unknown-key' }, service.url)
    expect(stderr).toContain('/predict responds 401')
    expect(`${stdout}${stderr}`).not.toContain('unknown-key')
    expect(status).toBe(1)
  })

  it.each([
    ['empty', '\n'],
    ['two lines', 'one-line\nanother-line\n'],
  ])('fails if the file is %s, and does not show it', (name, text) => {
    const file = join(folder, name)
    writeFileSync(file, text)
    const { status, stdout, stderr } = smoke(service.url, '--key-file', file)
    expect(`${stdout}${stderr}`).toBe(`failed: ${file} holds no API key\n`)
    expect(status).toBe(1)
  })

  it('fails with a key if the service is open', async () => {
    const open = await new ServiceProcess('bun').ready()
    try {
      const { status, stderr } = smokeAs({ POLARITY_API_KEY: KEY }, open.url)
      expect(stderr).toContain('/predict is open')
      expect(status).toBe(1)
    } finally {
      await open.stop()
    }
  })
})
