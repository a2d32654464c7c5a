import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RUNTIMES, ServiceProcess } from '../../harness/process.ts'

const MAX_BODY_BYTES = 2_000_000
const DEEP = 100_000

const json = (value: unknown) => JSON.stringify(value)
const padded = (bytes: number) => `{"text":["a"]}${' '.repeat(bytes - 14)}`

/** Bodies, and the code of the expected problem. */
const BODIES = {
  malformed_json: ['', '{', 'hello', '{"text":["a"]', '[1,]', '{"text":["a"]}}', '\u0000'],
  invalid_request: [
    'null',
    'true',
    '5',
    '"text"',
    '[]',
    '["a"]',
    '{}',
    json({ text: null }),
    json({ text: 'a' }),
    json({ text: 5 }),
    json({ text: {} }),
    json({ text: [null] }),
    json({ text: [5] }),
    json({ text: [[]] }),
    json({ text: [['a', 'b']] }),
    json({ text: [{ text: 'a' }] }),
    json({ text: ['a', null, 'b'] }),
    json({ text: [''] }),
    json({ text: [' \t\n\u00a0\u2003'] }),
    json({ text: ['a'.repeat(20_001)] }),
    json({ text: Array(1025).fill('a') }),
    json({ text: ['a'], truncate: null }),
    json({ text: ['a'], truncate: 'no' }),
    json({ text: ['a'], more: 1 }),
    json({ texts: ['a'] }),
    json({ text: ['word '.repeat(600)], truncate: false }),
    `{"text":${'['.repeat(DEEP)}${']'.repeat(DEEP)}}`,
    `${'{"text":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`,
  ],
  payload_too_large: [padded(MAX_BODY_BYTES + 1)],
}

const CASES = Object.entries(BODIES).flatMap(([code, bodies]) =>
  bodies.map((body) => ({ code, shown: body.slice(0, 40), body })),
)

describe.each(RUNTIMES)('the service on %s', (runtime) => {
  let service: ServiceProcess
  beforeAll(async () => {
    service = await new ServiceProcess(runtime, { WORKERS: '1' }).ready()
  })
  afterAll(() => service.stop())

  const post = (body: string | Uint8Array<ArrayBuffer>) =>
    fetch(`${service.url}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })

  it.each(CASES)('answers $code to $shown', async ({ code, body }) => {
    const response = await post(body)
    expect(response.headers.get('content-type')).toContain('application/problem+json')
    expect(await response.json()).toMatchObject({ code, status: response.status })
    expect(response.status).toBeLessThan(500)
  })

  it('answers malformed_json to invalid UTF-8', async () => {
    const response = await post(Buffer.from('{"text":["caf\xe9"]}', 'latin1'))
    expect(await response.json()).toMatchObject({ code: 'malformed_json' })
  })

  it('answers payload_too_large to a stream without a length', async () => {
    const socket = await service.connect(
      'POST /predict HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n',
    )
    const answer = once(socket, 'data')
    socket.on('error', () => undefined) // The rest of the body may be refused.
    const size = MAX_BODY_BYTES + 1
    socket.write(`${size.toString(16)}\r\n${padded(size)}\r\n0\r\n\r\n`)
    expect(String((await answer)[0])).toMatch(/^HTTP\/1.1 413 .*payload_too_large/s)
    socket.destroy()
  })

  it('takes a body of exactly the largest size, and a text of exactly the most characters', async () => {
    expect((await post(padded(MAX_BODY_BYTES))).status).toBe(200)
    expect((await post(json({ text: ['b'.repeat(20_000)] }))).status).toBe(200)
  })

  it('lists truncated texts', async () => {
    const long = 'word '.repeat(600)
    const response = await post(json({ text: ['short', long, 'brief', `${long}!`] }))
    expect(response.headers.get('x-truncated')).toBe('1,3')
  })

  it('lists no truncated texts if there are none', async () => {
    const response = await post(json({ text: ['short'], truncate: false }))
    expect([response.status, response.headers.get('x-truncated')]).toEqual([200, null])
  })

  it('reads halves of emojis as one and the same unknown character', async () => {
    const scores = async (text: string) =>
      JSON.stringify(await (await post(`{"text":["${text}"]}`)).json())
    expect(await scores('I love \\ud83d it')).toBe(await scores('I love \\ude00 it'))
  })

  // Bun closes a connection on which a request comes before the last one's answer (oven-sh/bun#38128).
  it('answers every request of a pipeline in order, or none of them', async () => {
    const head = 'POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: '
    const one = (id: string, body: string) =>
      `${head}${Buffer.byteLength(body)}\r\nX-Request-Id: ${id}\r\n\r\n${body}`
    const socket = await service.connect(
      one('first', json({ text: ['slow to answer', 'for it is new'] })) +
        one('second', 'not JSON') +
        one('third', json({ text: [] })),
    )
    let received = ''
    for await (const chunk of socket) {
      received += String(chunk)
      if (received.includes('"predictions":[]')) break
    }
    const ids = [...received.matchAll(/x-request-id: (\w+)/gi)].map(([, id]) => id)
    expect(ids).toEqual(runtime === 'bun' ? [] : ['first', 'second', 'third'])
  })

  it('has handled all this without an internal error', async () => {
    expect(await service.metric('polarity_rejected_total{code="internal"}')).toBe(0)
    expect(await service.metric('polarity_worker_restarts_total')).toBe(0)
  })
})
