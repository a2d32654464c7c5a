import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PolarityClient } from '../../client/src/index.ts'
import { freePort } from '../../harness/free-port.ts'
import { RUNTIMES, ServiceProcess, TINY_MODEL } from '../../harness/process.ts'
import { rejection } from '../rejection.ts'

const SETTINGS = { MODEL: TINY_MODEL, WORKERS: '1' }
const KEY = 'a-good-key'
const API_KEYS = createHash('sha256').update(KEY).digest('hex')

describe.each(RUNTIMES)('the client and the service on %s', (runtime) => {
  let service: ServiceProcess
  let client: PolarityClient
  beforeAll(async () => {
    service = await new ServiceProcess(runtime, { ...SETTINGS, API_KEYS }).ready()
    client = new PolarityClient(service.url, { apiKey: KEY })
  })
  afterAll(() => service.stop())

  it('agree on a thousand calls of one tick', async () => {
    const texts = Array.from({ length: 1500 }, (_, i) => (i % 2 === 0 ? `good ${i}` : `bad ${i}`))
    const answers = await Promise.all(texts.map((text) => client.classify(text)))
    const labels = answers.map(({ label }) => label)
    expect(labels).toEqual(texts.map((_, i) => (i % 2 === 0 ? 'POSITIVE' : 'NEGATIVE')))
  })

  it('agree on a stream', async () => {
    const labels: (string | undefined)[] = []
    const texts = Array.from({ length: 3000 }, (_, i) => (i % 3 === 0 ? 'good' : 'bad'))
    for await (const { prediction } of client.stream(texts)) labels.push(prediction?.label)
    expect(labels).toEqual(texts.map((text) => (text === 'good' ? 'POSITIVE' : 'NEGATIVE')))
  })

  it.each([
    ['blank', ' \u200b', 422],
    ['too long', 'x'.repeat(20_001), 422],
    ['a word that breaks the model', 'throw', 500],
  ])('fail one call alone for %s', async (_, text, status) => {
    const bad = rejection(client.classify(text))
    const good = await Promise.all(['good', 'bad', 'good'].map((one) => client.classify(one)))
    expect(good.map(({ label }) => label)).toEqual(['POSITIVE', 'NEGATIVE', 'POSITIVE'])
    expect(await bad).toMatchObject({ status, positions: [0] })
  })

  it('agree on characters and bytes at their limits', async () => {
    const emoji = '🙂'.repeat(19_999)
    const texts = [...Array.from({ length: 60 }, (_, i) => `${emoji}${i % 10}`), '\ud83d good']
    expect(await client.classify(texts)).toHaveLength(61)
  })

  it('know each other by the key', async () => {
    const stranger = new PolarityClient(service.url, { apiKey: 'another' })
    expect(await rejection(stranger.classify('good'))).toMatchObject({ code: 'unauthorized' })
  })
})

describe.each(RUNTIMES)('the client of a limited service on %s', (runtime) => {
  it('waits until it may ask again', async () => {
    const settings = { ...SETTINGS, RATE_LIMIT_TEXTS_PER_MINUTE: '600' }
    const service = await new ServiceProcess(runtime, settings).ready()
    try {
      const client = new PolarityClient(service.url)
      const texts = Array.from({ length: 610 }, () => 'good')
      expect(await client.classify(texts)).toHaveLength(610)
      expect(await service.metric('polarity_rejected_total{code="rate_limited"}')).toBeGreaterThan(
        0,
      )
    } finally {
      await service.stop()
    }
  })
})

describe.each(RUNTIMES)('the client of a service on %s that is replaced', (runtime) => {
  it('gets every answer, from the old one or the new one', async () => {
    const settings = { ...SETTINGS, PORT: String(await freePort()), DRAIN_SECONDS: '1' }
    const services = [await new ServiceProcess(runtime, settings).ready()]
    try {
      const url = services[0]?.url ?? ''
      const client = new PolarityClient(url, { retries: 1000, timeoutMs: 55_000 })
      let replaced = false
      const answers: string[] = []
      const asking = (async () => {
        while (!replaced) answers.push((await client.classify(`good ${answers.length}`)).label)
      })()
      services[0]?.signal('SIGTERM')
      await services[0]?.exit()
      services.push(await new ServiceProcess(runtime, settings).ready())
      replaced = true
      await asking
      expect(new Set(answers)).toEqual(new Set(['POSITIVE']))
    } finally {
      for (const service of services) await service.stop()
    }
  })
})

it('is told at once that nobody listens, and why', async () => {
  const port = await freePort()
  const client = new PolarityClient(`http://127.0.0.1:${port}`, { retries: 1, backoffMs: 1 })
  const error = await rejection(client.classify('good'))
  expect(error).toMatchObject({ code: 'unreachable', status: undefined })
  expect(String(error)).toContain('ECONNREFUSED')
})
