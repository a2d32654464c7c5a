import { describe, expect, it } from 'vitest'
import type { Classify } from '../../../app/classifier/classify.ts'
import { openService } from '../../../cli/bulk/service-model.ts'
import { answerTo, createTestApp } from '../../fakes.ts'
import { rejection } from '../../rejection.ts'
import { classifyBytes } from './run.ts'
import { type Answer, served } from './serve.ts'

const ROWS = 'id,text\n1,I love it\n2,no\n3,I love it\n'
const LABELLED =
  'id,text,label,score,truncated,error\n1,I love it,POSITIVE,0.900000,,\n2,no,NEGATIVE,0.800000,,\n3,I love it,POSITIVE,0.900000,,\n'

/**
 * The real app, which breaks at the word `poison`, but for requests for predictions that `instead` has
 * another answer to. `asked`: the texts that came to it.
 */
function createService(instead: (nth: number) => Response | undefined = () => undefined) {
  const asked: string[] = []
  const classify: Classify = async (texts) => {
    asked.push(...texts)
    if (texts.some((text) => text.includes('poison'))) throw new Error('poisoned')
    return texts.map(answerTo)
  }
  const app = createTestApp({ classify })
  let predicts = 0
  const answer: Answer = (request) =>
    (request.url.endsWith('/predict') && instead(predicts++)) || app.fetch(request)
  return { asked, answer }
}

/** Classifies rows by a service that answers so. */
const classifyBy = (answer: Answer, bytes = ROWS, options = {}) =>
  served(answer, async (url) => {
    const predictor = await openService({ url, timeout: 30, ...options })
    try {
      return await classifyBytes({ name: 'in.csv', bytes, predictor })
    } finally {
      await predictor.close()
    }
  })

describe('rows that a service classifies', () => {
  it('are the same as here, and equal texts are sent once', async () => {
    const { answer, asked } = createService()
    const { output, counts } = await classifyBy(answer)
    expect(output).toBe(LABELLED)
    expect(asked).toEqual(['I love it', 'no'])
    expect(counts.cached).toBe(1)
  })

  it('get an error of their own if it refuses them, or breaks at them', async () => {
    const { answer } = createService()
    // An older instance may take less than the one that answered.
    const older: Answer = (request) =>
      request.url.endsWith('/info') ? infoWith({ max_chars: 1_000_000 }) : answer(request)
    const long = 'a'.repeat(201)
    const { output } = await classifyBy(older, `text\nlove\n${long}\npoison\nno\n`)
    expect(output).toBe(
      `text,label,score,truncated,error\nlove,POSITIVE,0.900000,,\n${long},,,,refused\npoison,,,,failed\nno,NEGATIVE,0.800000,,\n`,
    )
  })

  it('wait while it asks for that, and while it is away', async () => {
    const busy = () => Response.json({}, { status: 429, headers: { 'retry-after': '0' } })
    const away = () => new Response('<h1>Bad Gateway</h1>', { status: 502 })
    const { answer } = createService((nth) => [busy, away, busy, away][nth]?.())
    const { output } = await classifyBy(answer)
    expect(output).toBe(LABELLED)
  })

  it('say meanwhile what they wait for', async () => {
    const troubles: (string | undefined)[] = []
    let tell = () => {}
    const { answer } = createService((nth) => {
      tell()
      return nth === 0 ? new Response('', { status: 429 }) : undefined
    })
    await served(answer, async (url) => {
      const predictor = await openService({ url })
      tell = () => troubles.push(predictor.trouble())
      await predictor.predict(['I love it'])
      tell()
      await predictor.close()
    })
    expect(troubles).toEqual([undefined, 'the service asks to wait', undefined])
  })

  it.each([
    { status: 401, code: 'unauthorized', says: 'does not know this API key' },
    { status: 403, code: undefined, says: 'The answer 403 is not the service' },
    { status: 404, code: 'not_found', says: 'not_found, 404' },
  ])('end with one line for every answer $status', async ({ status, code, says }) => {
    const { answer } = createService(() => Response.json({ code, detail: 'No.' }, { status }))
    const error = await rejection(classifyBy(answer, ROWS, { key: 'pk_1' }))
    expect(error).toMatchObject({ name: 'ServiceError', message: expect.stringContaining(says) })
  })

  it('end when another model answers', async () => {
    const other = { headers: { 'x-model-digest': 'fedcba9876543210' } }
    const { answer } = createService((nth) =>
      nth > 100 ? Response.json({ predictions: [] }, other) : undefined,
    )
    const many = `text\n${Array.from({ length: 2000 }, (_, i) => `row ${i}\n`).join('')}`
    const error = await rejection(classifyBy(answer, many))
    expect(error).toMatchObject({
      name: 'ServiceError',
      message: expect.stringContaining('fedcba9876543210 in place of 0123456789abcdef'),
    })
  })

  it('end when it is away for too long, with the reason', async () => {
    const { answer } = createService(() => new Response('', { status: 503 }))
    const error = await rejection(classifyBy(answer, ROWS, { timeout: 0.2 }))
    expect(error).toMatchObject({
      name: 'ServiceError',
      message: expect.stringContaining('The answer 503 is not the service'),
    })
  })
})

/** What the app says of itself, but for some limits. */
function infoWith(limits: Record<string, number>): Response {
  const model = {
    ...{ id: 'a-model', source: 'somewhere', version: null },
    digest: '0123456789abcdef'.repeat(4),
    labels: ['NEGATIVE', 'POSITIVE'],
  }
  const all = {
    ...{ max_texts: 4, max_chars: 200, max_body_bytes: 2000, request_timeout_seconds: 30 },
    ...limits,
  }
  return Response.json({ name: 'polarity', model, long_texts: 'truncate', limits: all })
}

const redirect = () =>
  new Response('', { status: 308, headers: { location: 'https://here.example/' } })

describe('the address of a service', () => {
  it.each([
    { what: 'another server', answer: () => new Response('hello'), says: 'is not of a Polarity' },
    { what: 'another API', answer: () => Response.json({}), says: 'is not of a Polarity' },
    { what: 'no route', answer: () => new Response('', { status: 404 }), says: 'answers with 404' },
    { what: 'a redirect', answer: redirect, says: 'redirects to https://here.example/' },
  ])('is refused if there is $what', async ({ answer, says }) => {
    const error = await rejection(served(answer, (url) => openService({ url })))
    expect(error).toMatchObject({ message: expect.stringContaining(says) })
  })

  it.each([
    { url: 'localhost:8000', says: 'is no address' },
    { url: 'ftp://localhost', says: 'is no address' },
    { url: 'http://localhost', concurrency: 0, says: '--concurrency must be' },
    { url: 'http://localhost', concurrency: 1.5, says: '--concurrency must be' },
    { url: 'http://localhost', timeout: Number.NaN, says: '--timeout must be' },
  ])('is wrong use as $url, $concurrency, $timeout', async ({ says, ...options }) => {
    const error = await rejection(openService(options))
    expect(error).toMatchObject({ name: 'UsageError', message: expect.stringContaining(says) })
  })

  it('may have a path before the service’s own', async () => {
    const { answer } = createService()
    const gateway: Answer = async (request) => {
      const { url, method, headers } = request
      if (!new URL(url).pathname.startsWith('/team/')) return new Response('', { status: 404 })
      const body = method === 'POST' ? await request.text() : null
      return await answer(new Request(url.replace('/team/', '/'), { method, headers, body }))
    }
    const answers = await served(gateway, async (url) => {
      const predictor = await openService({ url: `${url}/team` })
      return await predictor.predict(['I love it']).finally(() => predictor.close())
    })
    expect(answers).toMatchObject([{ label: 'POSITIVE' }])
  })

  it('may not come with a key that no header can hold', async () => {
    const { answer } = createService()
    const opened = served(answer, (url) => openService({ url, key: 'a\nb' }))
    expect(await rejection(opened)).toMatchObject({ name: 'UsageError' })
  })
})
