import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RUNTIMES, ServiceProcess, TINY_MODEL } from '../../harness/process.ts'
import { exchange } from '../../harness/raw-http.ts'

const MAX_BODY_BYTES = 100_000
const CHUNK_BYTES = 65_536
const post = (path: string, ...headers: string[]) =>
  [`POST ${path} HTTP/1.1`, 'Host: localhost', ...headers, '', ''].join('\r\n')
const CHUNKED = 'Transfer-Encoding: chunked'
const BODY = '{"text":["I love it"]}'
const CHUNKED_BODY = `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n`
const CHUNK = `${CHUNK_BYTES.toString(16)}\r\n${'x'.repeat(CHUNK_BYTES)}\r\n`

const start = (runtime: (typeof RUNTIMES)[number]) => {
  const env = { MODEL: TINY_MODEL, WORKERS: '1', MAX_BODY_BYTES: String(MAX_BODY_BYTES) }
  return new ServiceProcess(runtime, env).ready()
}

describe.each(RUNTIMES)('the service on %s', (runtime) => {
  let service: ServiceProcess
  beforeAll(async () => {
    service = await start(runtime)
  })
  afterAll(() => service.stop())
  const send = (...parts: (string | Uint8Array)[]) =>
    exchange(Number(new URL(service.url).port), parts)

  it.each([
    ['no HTTP at all', 'hello\r\n\r\n', 400],
    ['HTTP/0.9', 'GET /health\r\n\r\n', [400, 505]],
    ['HTTP/2.0', 'GET /health HTTP/2.0\r\nHost: a\r\n\r\n', [400, 505]],
    ['two hosts', 'GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400],
    ['a host with a space', 'GET /health HTTP/1.1\r\nHost: a b\r\n\r\n', 400],
    ['OPTIONS *', 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['a space before a colon', 'GET /health HTTP/1.1\r\nHost : a\r\n\r\n', 400],
    ['large headers', `GET /health HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(99_999)}\r\n\r\n`, 431],
    ['both lengths', post('/predict', 'Content-Length: 3', CHUNKED), 400],
    ['a bad chunk', `${post('/predict', CHUNKED)}zz\r\n`, 400],
    ['gzip, chunked', `${post('/predict', 'Transfer-Encoding: gzip, chunked')}0\r\n\r\n`, 400],
    ['chunks of HTTP/1.0', `POST /predict HTTP/1.0\r\n${CHUNKED}\r\n\r\n0\r\n\r\n`, 400],
  ])('answers once to %s, and closes', async (_, bytes, status) => {
    const { statuses, closed, received } = await send(bytes)
    expect(statuses).toHaveLength(1)
    expect([status].flat()).toContain(statuses[0])
    expect(closed).toBe(true)
    // Bun's parser answers by itself (oven-sh/bun#35299).
    if (runtime === 'node') expect(received).toContain('application/problem+json')
  })

  it.each([
    ['in one packet', [`${CHUNKED_BODY}X-After: 1\r\n\r\n`]],
    ['behind the body', [CHUNKED_BODY, 'X-After: 1\r\n\r\n']],
    ['with the last chunk', [CHUNKED_BODY.slice(0, -3), '0\r\nX-After: 1\r\n\r\n']],
  ])('answers once to a body with trailers %s', async (_, parts) => {
    for (const path of ['/predict', '/nowhere']) {
      const { statuses } = await send(post(path, CHUNKED), ...parts)
      expect(statuses).toHaveLength(1)
    }
  })

  it('answers once to a body with trailers that comes at once', async () => {
    for (const path of ['/predict', '/nowhere']) {
      const all = `${post(path, CHUNKED, 'Trailer: X-After')}${CHUNKED_BODY}X-After: 1\r\n\r\n`
      expect((await send(all)).statuses).toHaveLength(1)
    }
  })

  it('tells a client that it writes too much, while it still writes', async () => {
    const bytes = 8_000_000
    const body = new Uint8Array(bytes).fill(32)
    const { statuses, closed } = await send(post('/predict', `Content-Length: ${bytes}`), body)
    expect([statuses, closed]).toEqual([[413], true])
  })

  it('tells it to one that does not say how much it writes', async () => {
    const { statuses, closed } = await send(post('/predict', CHUNKED), CHUNK.repeat(50))
    expect([statuses, closed]).toEqual([[413], true])
  })

  it('cuts a body without an end', async () => {
    const chunks = Array.from({ length: 1000 }, () => CHUNK)
    const { closed } = await send(post('/predict', CHUNKED), chunks.join(''))
    expect(closed).toBe(true) // Its client may lose the answer: it never stops to read.
  })

  it.each([
    ['PUT /predict', 405],
    ['POST /nowhere', 404],
    ['GET /health', 200],
  ])('closes the connection on which the body of %s does not come', async (line, status) => {
    const head = `${line} HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nhello`
    const { closed, statuses } = await send(head)
    expect([statuses, closed]).toEqual([[status], true])
  })

  it('asks for a body that waits to be asked for', async () => {
    const head = post('/predict', 'Expect: 100-continue', `Content-Length: ${BODY.length}`)
    expect((await send(head, BODY)).statuses).toEqual([100, 200])
  })

  it.each(['/', '/health', '/info', '/openapi.json', '/web/swagger-ui-bundle.js', '/readyz'])(
    'says the length of %s without sending it',
    async (path) => {
      const get = await fetch(`${service.url}${path}`, {
        headers: { 'accept-encoding': 'identity' },
      })
      const { received } = await send(
        `HEAD ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
      )
      const [, length] = /content-length: (\d+)/i.exec(received) ?? []
      expect(Number(length)).toBe((await get.arrayBuffer()).byteLength)
      expect(received).toMatch(/\r\n\r\n$/)
    },
  )

  it('sends a large answer compressed, and the same', async () => {
    const texts = Array.from({ length: 300 }, (_, i) => `text ${i}`)
    const answer = async (acceptEncoding: string) => {
      const response = await fetch(`${service.url}/predict`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'accept-encoding': acceptEncoding },
        body: JSON.stringify({ text: texts }),
      })
      return [response.headers.get('content-encoding'), await response.text()]
    }
    const [, plain] = await answer('identity')
    expect(await answer('br')).toEqual(['br', plain])
    expect(await answer('gzip')).toEqual(['gzip', plain])
  })

  it('still answers, without an internal error', async () => {
    expect((await service.predict(['I love it'])).status).toBe(200)
    expect(await service.metric('polarity_rejected_total{code="internal"}')).toBe(0)
  })
})

// Bun answers these by itself: docs/api.md, "What the runtimes do".
describe('the service on node', () => {
  let service: ServiceProcess
  beforeAll(async () => {
    service = await start('node')
  })
  afterAll(() => service.stop())
  const send = (...parts: string[]) => exchange(Number(new URL(service.url).port), parts)

  it('counts and logs what the parser refuses', async () => {
    const series = 'polarity_rejected_total{code="malformed_request"}'
    const before = await service.metric(series)
    await send('hello\r\n\r\n')
    expect(await service.metric(series)).toBe(before + 1)
    expect(service.logged('request_refused').at(-1)).toMatchObject({ status: 400 })
  })

  it('does not ask for a body that it would refuse', async () => {
    const head = post('/predict', 'Expect: 100-continue', 'Content-Length: 9999999')
    expect((await send(head)).statuses).toEqual([413])
  })

  it('takes 100-Continue in any case, and refuses the rest', async () => {
    const length = `Content-Length: ${BODY.length}`
    const inAnyCase = await send(post('/predict', 'Expect: 100-Continue', length), BODY)
    expect(inAnyCase.statuses).toEqual([100, 200])
    expect((await send(post('/predict', 'Expect: muffins', length), BODY)).statuses).toEqual([417])
  })
})
