import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { RUNTIMES, ServiceProcess, TINY_MODEL } from '../../harness/process.ts'

const AGREED = 'polarity_shadow_texts_total{result="agreed"}'
const DIFFERED = 'polarity_shadow_texts_total{result="differed"}'
const FAILED = 'polarity_shadow_texts_total{result="failed"}'

describe.each(RUNTIMES)('a service with a shadow model on %s', (runtime) => {
  let parent: string
  let service: ServiceProcess
  const begin = (env: Record<string, string> = {}) => {
    service = new ServiceProcess(runtime, {
      WORKERS: '1',
      DRAIN_SECONDS: '0',
      MODEL: TINY_MODEL,
      SHADOW_MODEL: TINY_MODEL,
      SHADOW_SHARE: '1',
      ...env,
    })
    return service
  }
  const start = (env: Record<string, string> = {}) => begin(env).ready()
  /** A copy of the tiny model with another file. */
  const damaged = (name: string, file: string, to: (bytes: Buffer) => Buffer | string) => {
    const folder = join(parent, name)
    cpSync(TINY_MODEL, folder, { recursive: true })
    writeFileSync(join(folder, file), to(readFileSync(join(folder, file))))
    return folder
  }
  beforeAll(() => {
    parent = mkdtempSync(join(tmpdir(), 'polarity-'))
  })
  afterEach(() => service.stop())
  afterAll(() => rmSync(parent, { recursive: true }))

  it('counts that a model agrees with itself, for each text once', async () => {
    await start()
    for (const text of ['good', 'good', 'bad bad']) await service.predict([text])
    await service.until(AGREED, (texts) => texts === 2)
    const pair = (label: string, other: string) =>
      service.metric(`polarity_shadow_agreement_total{label="${label}",shadow_label="${other}"}`)
    expect([
      await pair('NEGATIVE', 'NEGATIVE'),
      await pair('POSITIVE', 'POSITIVE'),
      await pair('NEGATIVE', 'POSITIVE'),
      await pair('POSITIVE', 'NEGATIVE'),
    ]).toEqual([1, 1, 0, 0])
    expect(await service.metric('polarity_shadow_score_difference_sum')).toBe(0)
    expect(service.logged('shadow_warm')).toMatchObject([{ model: TINY_MODEL, share: 1 }])
  })

  it('names the other model in its metrics', async () => {
    await start({ MODEL: 'sst2-minilm' })
    await service.waitFor('shadow_warm')
    const scrape = await (await fetch(`${service.internalUrl}/metrics`)).text()
    expect(scrape).toContain(`polarity_shadow_model_info{id="${TINY_MODEL}",digest="`)
  })

  it('compares scores by the names of the labels', async () => {
    const swapped = damaged('swapped', 'config.json', (bytes) =>
      JSON.stringify({
        ...JSON.parse(String(bytes)),
        id2label: { 0: 'POSITIVE', 1: 'NEGATIVE' },
      }),
    )
    await start({ SHADOW_MODEL: swapped })
    await service.predict(['good', 'bad bad'])
    await service.until(DIFFERED, (texts) => texts === 2)
    const disagreements = [
      '"NEGATIVE",shadow_label="POSITIVE"',
      '"POSITIVE",shadow_label="NEGATIVE"',
    ]
    for (const pair of disagreements) {
      expect(await service.metric(`polarity_shadow_agreement_total{label=${pair}}`)).toBe(1)
    }
  })

  it('answers what breaks the shadow model, and compares the next text', async () => {
    await start({ MODEL: 'sst2-minilm' })
    expect((await service.predict(['throw'])).status).toBe(200)
    await service.until(FAILED, (texts) => texts === 1)
    expect((await service.predict(['good'])).status).toBe(200)
    const compared = 'polarity_shadow_score_difference_count'
    await service.until(compared, (texts) => texts === 1)
    expect(await service.metric('polarity_worker_restarts_total')).toBe(0)
    expect((await fetch(`${service.internalUrl}/livez`)).status).toBe(200)
    expect(service.output).not.toContain('throw"')
  })

  it('serves without a shadow model that can’t be run', async () => {
    const half = damaged('half', 'onnx/model_quantized.onnx', (bytes) =>
      bytes.subarray(0, bytes.length / 2),
    )
    await start({ SHADOW_MODEL: half })
    await service.waitFor('shadow_failed')
    expect((await service.predict(['good'])).status).toBe(200)
    await service.until(FAILED, (texts) => texts === 1)
    expect((await fetch(`${service.internalUrl}/readyz`)).status).toBe(200)
  })

  it('ends as ever, with what was compared last', async () => {
    await start()
    await service.predict(Array.from({ length: 500 }, (_, i) => `good ${i}`))
    service.signal('SIGTERM')
    expect(await service.exit()).toBe(0)
  })

  it.each([
    { value: 'nowhere', says: /^Bad configuration: SHADOW_MODEL: "nowhere" is neither/ },
    { value: 'other', says: /^Bad configuration: SHADOW_MODEL: its labels are CALM, TENSE/ },
  ])('is refused in one line with SHADOW_MODEL=$value', async ({ value, says }) => {
    const other = damaged('other', 'config.json', (bytes) =>
      JSON.stringify({ ...JSON.parse(String(bytes)), id2label: { 0: 'CALM', 1: 'TENSE' } }),
    )
    begin({ SHADOW_MODEL: value === 'other' ? other : value })
    const code = await service.exit()
    const lines = service.output.split('\n').filter((line) => !line.startsWith('{'))
    expect(lines).toEqual([expect.stringMatching(says)])
    expect(code).toBe(1)
  })

  it('has no shadow model with a share of none', async () => {
    await start({ SHADOW_SHARE: '0' })
    await service.predict(['good'])
    const scrape = await (await fetch(`${service.internalUrl}/metrics`)).text()
    expect(scrape).not.toContain('polarity_shadow_model_info{')
    expect(await service.metric(AGREED)).toBe(0)
  })
})
