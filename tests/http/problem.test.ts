import { describe, expect, it } from 'vitest'
import type { Classify } from '../../app/classifier/classify.ts'
import { AppError } from '../../app/errors.ts'
import { createTestApp, post } from '../fakes.ts'

interface Failure {
  readonly name: string
  readonly send: RequestInit & { readonly path?: string; readonly duplex?: 'half' }
  readonly status: number
  readonly code: string
}

const sendText = (text: unknown, app = createTestApp()) => post(app, JSON.stringify({ text }))

const stream = (size: number) => new Blob(['a'.repeat(size)]).stream()

const FAILURES: Failure[] = [
  { name: 'no body', send: {}, status: 400, code: 'malformed_json' },
  { name: 'half a body', send: { body: '{"text":' }, status: 400, code: 'malformed_json' },
  {
    name: 'invalid UTF-8',
    send: { body: new Uint8Array([0x22, 0xff, 0x22]) },
    status: 400,
    code: 'malformed_json',
  },
  { name: 'an unknown path', send: { path: '/nope' }, status: 404, code: 'not_found' },
  { name: 'GET /predict', send: { method: 'GET' }, status: 405, code: 'method_not_allowed' },
  {
    name: 'a body over the limit',
    send: { body: 'a'.repeat(2001) },
    status: 413,
    code: 'payload_too_large',
  },
  {
    name: 'a body over the limit that does not tell its length',
    send: { body: stream(2001), duplex: 'half' },
    status: 413,
    code: 'payload_too_large',
  },
  {
    name: 'XML',
    send: { body: '<a/>', headers: { 'content-type': 'text/xml' } },
    status: 415,
    code: 'unsupported_media_type',
  },
  { name: 'a list', send: { body: '[]' }, status: 422, code: 'invalid_request' },
  { name: 'null', send: { body: 'null' }, status: 422, code: 'invalid_request' },
  { name: 'no text', send: { body: '{}' }, status: 422, code: 'invalid_request' },
]

describe('every failure', () => {
  it.each(FAILURES)('has the one error body: $name', async ({ send, status, code }) => {
    const { path = '/predict', headers, ...init } = send
    const response = await createTestApp().request(path, {
      method: 'POST',
      ...init,
      headers: { 'content-type': 'application/json', 'x-request-id': 'req-42', ...headers },
    })

    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({
      type: `urn:polarity:problem:${code}`,
      title: expect.any(String),
      status,
      detail: expect.any(String),
      code,
      request_id: 'req-42',
    })
  })

  it('has Allow for another method', async () => {
    const remove = (path: string) => createTestApp().request(path, { method: 'DELETE' })
    expect((await remove('/predict')).headers.get('allow')).toBe('POST')
    expect((await remove('/health')).headers.get('allow')).toBe('GET, HEAD')
  })

  it.each([
    { sent: 'x', path: 'text', message: 'Must be a list of strings.' },
    { sent: ['a', 1], path: 'text[1]', message: 'Must be a string.' },
    { sent: [null], path: 'text[0]', message: 'Must be a string.' },
    { sent: [['a', 'b']], path: 'text[0]', message: 'Must be a string.' },
    { sent: ['a', ' \n\t '], path: 'text[1]', message: 'Must not be blank.' },
    { sent: [''], path: 'text[0]', message: 'Must not be blank.' },
    { sent: ['a'.repeat(201)], path: 'text[0]', message: 'Longer than 200 characters.' },
    { sent: ['a', 'b', 'c', 'd', 'e'], path: 'text', message: 'More than 4 texts.' },
  ])('says where and why: $path $message', async ({ sent, path, message }) => {
    const response = await sendText(sent)
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({ errors: [{ path, message }] })
  })

  it('names an unknown field', async () => {
    const response = await post(createTestApp(), '{"text":["a"],"txet":1}')
    expect(await response.json()).toMatchObject({
      errors: [{ path: 'txet', message: 'Unknown field.' }],
    })
  })

  it('lists no more than twenty things', async () => {
    const app = createTestApp({}, { MAX_TEXTS: '100' })
    const { errors } = (await (await sendText(Array(100).fill(' '), app)).json()) as { errors: [] }
    expect(errors).toHaveLength(20)
  })

  it('never repeats a text', async () => {
    expect(await (await sendText(['my secret', ' '])).text()).not.toContain('secret')
  })

  it('does not reveal the cause of a bug', async () => {
    const classify = () => Promise.reject(new Error('secret'))
    const response = await sendText(['a'], createTestApp({ classify }))
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('secret')
  })

  it('has Retry-After under overload', async () => {
    const headers = { 'Retry-After': '7' }
    const classify = () => Promise.reject(new AppError('overloaded', 'Full.', { headers }))
    const response = await sendText(['a'], createTestApp({ classify }))
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7'])
  })
})

describe('a deadline', () => {
  /** Never answers; rejects when the deadline passes. */
  const never: Classify = (_, call) =>
    new Promise((_resolve, reject) => {
      const signal = call.signal()
      signal.addEventListener('abort', () => reject(signal.reason))
    })

  it('of the service ends a request with 504', async () => {
    const app = createTestApp({ classify: never }, { REQUEST_TIMEOUT_SECONDS: '0.01' })
    const response = await sendText(['a'], app)
    expect(response.status).toBe(504)
    expect(await response.json()).toMatchObject({ code: 'deadline_exceeded' })
  })

  it('of the caller ends it earlier', async () => {
    const headers = { 'x-envoy-expected-rq-timeout-ms': '10' }
    const app = createTestApp({ classify: never })
    const response = await post(app, '{"text":["a"]}', headers)
    expect(response.status).toBe(504)
  })

  it('of the caller is ignored if it is invalid', async () => {
    const headers = { 'x-envoy-expected-rq-timeout-ms': 'soon' }
    expect((await post(createTestApp(), '{"text":["a"]}', headers)).status).toBe(200)
  })
})
