import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Classify } from '../../app/classifier/classify.ts'
import { rateLimited } from '../../app/classifier/rate-limited.ts'
import { createMetrics } from '../../app/telemetry/metrics.ts'
import { LocalBuckets } from '../../app/token-bucket.ts'
import { answerTo, createTestApp, fakeClassify, LABELS, post } from '../fakes.ts'
import { recordedLog } from '../recorded-log.ts'

const predict = (body: unknown, headers: Record<string, string> = {}, app = createTestApp()) =>
  post(app, JSON.stringify(body), headers)

const withSources = (...sources: ('memory' | 'model')[]): Classify => {
  return async (texts) =>
    texts.map((text, i) => ({ ...answerTo(text), source: sources[i] ?? 'model' }))
}

describe('POST /predict', () => {
  it('answers every label of each text, in class order, in the order sent', async () => {
    const response = await predict({ text: ['I love it', 'I hate it'] })
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      predictions: [
        [0.1, 0.9],
        [0.8, 0.2],
      ].map((scores) => LABELS.map((label, i) => ({ label, score: scores[i] }))),
    })
  })

  it('answers an empty list with an empty list', async () => {
    expect(await (await predict({ text: [] })).text()).toBe('{"predictions":[]}')
  })

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/vnd.api+json',
    'application/x-www-form-urlencoded',
  ])('reads %s as JSON', async (type) => {
    expect((await predict({ text: ['a'] }, { 'content-type': type })).status).toBe(200)
  })

  it('reads a body without a Content-Type as JSON', async () => {
    const body = new TextEncoder().encode('{"text":["a"]}')
    const response = await createTestApp().request('/predict', { method: 'POST', body })
    expect(response.status).toBe(200)
  })

  it('echoes a sane X-Request-Id', async () => {
    const response = await predict({ text: ['a'] }, { 'x-request-id': 'req-42' })
    expect(response.headers.get('x-request-id')).toBe('req-42')
  })

  it('replaces an X-Request-Id that could harm a log or a page', async () => {
    const response = await predict({ text: ['a'] }, { 'x-request-id': '<script>' })
    expect(response.headers.get('x-request-id')).toMatch(/^[\w-]{8,}$/)
  })

  it.each([
    ['HIT', withSources('memory', 'memory')],
    ['MISS', withSources('model', 'model')],
    ['PARTIAL', withSources('memory', 'model')],
  ])('says X-Cache: %s', async (status, classify) => {
    const response = await predict({ text: ['a', 'b'] }, {}, createTestApp({ classify }))
    expect(response.headers.get('x-cache')).toBe(status)
  })

  it('lists truncated texts in X-Truncated', async () => {
    const long = 'long '.repeat(25)
    const response = await predict({ text: [long, 'short', 'brief', long] })
    expect(response.headers.get('x-truncated')).toBe('0,3')
  })

  it('says in X-Model-Digest which model answered', async () => {
    const response = await predict({ text: ['a'] })
    expect(response.headers.get('x-model-digest')).toBe('0123456789abcdef')
  })

  it('has no X-Truncated when no text was truncated', async () => {
    expect((await predict({ text: ['a'] })).headers.has('x-truncated')).toBe(false)
  })

  it('rejects texts over the limit with truncate: false, and says which', async () => {
    const response = await predict({ text: ['short', 'long '.repeat(25)], truncate: false })
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({
      code: 'invalid_request',
      errors: [{ path: 'text[1]', message: 'Longer than 16 tokens.' }],
    })
  })

  it('reports the duration of each stage in Server-Timing', async () => {
    const classify: Classify = async (texts, { timing }) => {
      for (const [i, stage] of (['cache', 'queue', 'tokenize', 'inference'] as const).entries()) {
        timing.add(stage, i + 1)
      }
      return texts.map(answerTo)
    }
    const response = await predict({ text: ['a'] }, {}, createTestApp({ classify }))
    expect(response.headers.get('server-timing')).toMatch(
      /^cache;dur=1, queue;dur=2, tokenize;dur=3, inference;dur=4, total;dur=\d/,
    )
  })
})

describe('with API keys', () => {
  const key = 'a-secret-key'
  const digestOf = (text: string) => createHash('sha256').update(text).digest('hex')
  const API_KEYS = digestOf(key)
  const app = createTestApp({}, { API_KEYS })

  it.each([
    ['Authorization', `Bearer ${key}`],
    ['X-API-Key', key],
  ])('takes a key from %s', async (name, value) => {
    expect((await predict({ text: ['a'] }, { [name]: value }, app)).status).toBe(200)
  })

  it.each([
    ['Authorization', { authorization: 'Bearer old', 'x-api-key': key }],
    ['X-API-Key', { authorization: `Bearer ${key}`, 'x-api-key': 'old' }],
  ])('is not misled by an old key in %s beside a good one', async (_, headers) => {
    expect((await predict({ text: ['a'] }, headers, app)).status).toBe(200)
  })

  it.each([
    ['no key', {}, ''],
    ['empty ones', { authorization: 'Bearer ', 'x-api-key': '' }, ''],
    ['another scheme', { authorization: 'Basic YTph' }, ''],
    ['a wrong key', { authorization: 'Bearer wrong' }, ', error="invalid_token"'],
    ['two in one', { 'x-api-key': `wrong, ${key}` }, ', error="invalid_token"'],
    ['the digest in place of the key', { 'x-api-key': API_KEYS }, ', error="invalid_token"'],
  ])('refuses %s', async (_, headers, error) => {
    const response = await predict({ text: ['a'] }, headers, app)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe(`Bearer realm="polarity"${error}`)
    expect(await response.json()).toMatchObject({ code: 'unauthorized' })
  })

  it('takes two keys for two callers, and one key for one, however it is sent', async () => {
    const callers: string[] = []
    const classify: Classify = async (texts, call) => {
      callers.push(call.caller())
      return texts.map(answerTo)
    }
    const both = createTestApp({ classify }, { API_KEYS: `${API_KEYS},${digestOf('another')}` })
    await predict({ text: ['a'] }, { authorization: `Bearer ${key}` }, both)
    await predict({ text: ['a'] }, { 'x-api-key': key }, both)
    await predict({ text: ['a'] }, { 'x-api-key': 'another' }, both)
    const [one, same, other] = callers
    expect(same).toBe(one)
    expect(other).not.toBe(one)
  })

  it('lets each key send its own texts a minute', async () => {
    const classify = rateLimited(fakeClassify().classify, {
      textsPerMinute: 2,
      missCost: 1,
      buckets: new LocalBuckets(2),
    })
    const both = createTestApp({ classify }, { API_KEYS: `${API_KEYS},${digestOf('another')}` })
    const send = async (apiKey: string) =>
      (await predict({ text: ['a', 'b'] }, { 'x-api-key': apiKey }, both)).status
    expect([await send(key), await send('another'), await send(key)]).toEqual([200, 200, 429])
  })

  it('names the key in the log and in metrics, and shows it in neither', async () => {
    const { log, lines } = recordedLog()
    const metrics = createMetrics(LABELS)
    const named = createTestApp(
      { log, metrics },
      { API_KEYS: `${digestOf('another')},${API_KEYS}` },
    )
    await predict({ text: ['a', 'b'] }, { 'x-api-key': key }, named)
    const scrape = await metrics.registry.metrics()
    expect(lines).toMatchObject([{ event: 'request', key: 'key-2' }])
    expect(scrape).toContain('\npolarity_key_texts_total{key="key-2"} 2\n')
    expect(scrape).toContain('\npolarity_key_requests_total{key="key-2",outcome="answered"} 1\n')
    expect(JSON.stringify(lines) + scrape).not.toMatch(`${key}|${API_KEYS}`)
  })

  it('leaves the probes open', async () => {
    expect((await app.request('/readyz')).status).toBe(200)
  })
})
