import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ServiceProcess } from '../../harness/process.ts'

const SCRIPT = join(import.meta.dirname, '../../scripts/smoke.ts')

const smoke = (...args: string[]) =>
  spawnSync(process.execPath, [SCRIPT, ...args, '--attempts', '1'], { encoding: 'utf8' })

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
