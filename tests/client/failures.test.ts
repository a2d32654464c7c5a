import { describe, expect, it } from 'vitest'
import { rejection } from '../rejection.ts'
import { answerTo, clientOf, html, problem, realApp, refused, scripted } from './serving.ts'

describe('a failed request', () => {
  it('becomes an error with all that the service says', async () => {
    const serve = scripted(() => problem(401, 'unauthorized'))
    const error = await rejection(clientOf(serve).client.classify('text'))
    expect(error).toMatchObject({
      name: 'PolarityError',
      message: 'It is unauthorized.',
      type: 'urn:polarity:problem:unauthorized',
      title: 'Title',
      status: 401,
      code: 'unauthorized',
      requestId: 'req-1',
      positions: [],
      retryAfter: undefined,
    })
  })

  it('says why nobody could be reached', async () => {
    const { client } = clientOf(refused)
    expect(await rejection(client.classify('text'))).toMatchObject({
      code: 'unreachable',
      status: undefined,
      message: 'polarity.test could not be reached: connect ECONNREFUSED.',
      cause: new TypeError('fetch failed'),
    })
  })

  it('says where it was redirected to, and sends nothing there', async () => {
    const location = 'https://elsewhere.test/predict'
    const serve = scripted(() => new Response(null, { status: 308, headers: { location } }))
    const { client, asked } = clientOf(serve)
    const error = await rejection(client.classify('text'))
    expect(error).toMatchObject({ code: 'redirected', status: 308 })
    expect(String(error)).toContain(location)
    expect(asked.map(({ init }) => init.redirect)).toEqual(['manual', 'manual'])
  })

  it('ends at the deadline, and says what went wrong before', async () => {
    const serve = scripted((_, nth) =>
      nth === 0 ? html(502) : new Promise<Response>(() => undefined),
    )
    const { client } = clientOf(serve)
    const error = await rejection(client.classify('text', { timeoutMs: 2000 }))
    expect(error).toMatchObject({ code: 'timeout', status: undefined })
    expect(error instanceof Error ? error.cause : error).toMatchObject({ status: 502 })
  })

  it('is halved until it is small enough', async () => {
    const serve = scripted((texts) =>
      texts.length > 1 ? problem(413, 'payload_too_large') : answerTo(texts),
    )
    const { client, sent } = clientOf(serve)
    const predictions = await client.classify(['text 1', 'text 2', 'text 3', 'text 4'])
    expect(predictions.map(({ scores }) => scores[1]?.score)).toEqual(
      [1, 2, 3, 4].map((n) => n / 1000),
    )
    expect(sent().map((texts) => texts.length)).toEqual([4, 2, 1, 1, 2, 1, 1])
  })

  it('is halved if it took too long, and the late text fails alone', async () => {
    const { client } = clientOf(realApp(), { retries: 0 })
    const bad = rejection(client.classify('late'))
    const good = client.classify(['text 1', 'text 2'])
    expect(await good).toHaveLength(2)
    expect(await bad).toMatchObject({ code: 'deadline_exceeded' })
  })

  it('asks for the limits again if they have changed', async () => {
    const apps = [realApp(), realApp(undefined, { MAX_TEXTS: '2' })]
    let restarted = false
    const { client, asked } = clientOf(
      async (url, init) => await (apps[restarted ? 1 : 0] ?? refused)(url, init),
    )
    await client.classify('text 1')
    restarted = true
    expect(await client.classify(['text 1', 'text 2', 'text 3'])).toHaveLength(3)
    await client.classify('text 1')
    expect(asked.filter(({ url }) => url.endsWith('/info'))).toHaveLength(2)
  })

  it('does not become a flood if the service always fails', async () => {
    const { client, sent } = clientOf(scripted(() => problem(500, 'internal')))
    const errors = await Promise.all(
      Array.from({ length: 1000 }, () => rejection(client.classify('text'))),
    )
    expect(new Set(errors.map(String))).toEqual(new Set(['PolarityError: It is internal.']))
    // 250 requests of 4 texts, and what became of their halves.
    expect(sent().length).toBeLessThanOrEqual(250 * 7)
  })

  it('needs no limits if a gateway hides them', async () => {
    const app = realApp()
    const { client, asked } = clientOf(async (url, init) =>
      url.endsWith('/info') ? html(404) : await app(url, init),
    )
    await client.classify('text 1')
    expect(await client.classify(['text 1', 'text 2', 'text 3', 'text 4', 'text 5'])).toHaveLength(
      5,
    )
    expect(asked.filter(({ url }) => url.endsWith('/info'))).toHaveLength(1)
  })
})
