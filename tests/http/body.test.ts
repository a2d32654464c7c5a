import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createTestApp } from '../fakes.ts'

const MAX_BODY_BYTES = 2000
const app = createTestApp()
const BODY = '{"text":["I love it"]}'

type Body = string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>
type Headers = Record<string, string>

const post = (to: typeof app, body: Body, headers: Headers = {}) =>
  to.request('/predict', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
    duplex: 'half',
  })

const Problem = z.object({ code: z.string() })

const send = async (body: Body, headers: Headers = {}, to = app) => {
  const response = await post(to, body, headers)
  const code = response.ok ? undefined : Problem.parse(await response.json()).code
  return { status: response.status, code, headers: response.headers }
}

/** A body of which a part comes, and then nothing. */
const unfinished = (bytes: number) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new Uint8Array(bytes))
    },
  })

describe('a compressed body', () => {
  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['GZIP', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['identity', (body: string) => Buffer.from(body)],
  ])('is read as %s', async (encoding, compress) => {
    const { status } = await send(new Uint8Array(compress(BODY)), { 'content-encoding': encoding })
    expect(status).toBe(200)
  })

  it('is malformed if it is not compressed', async () => {
    expect(await send(BODY, { 'content-encoding': 'gzip' })).toMatchObject({
      status: 400,
      code: 'malformed_json',
    })
  })

  it('is malformed if its end is missing', async () => {
    const half = new Uint8Array(gzipSync(BODY)).slice(0, 20)
    expect(await send(half, { 'content-encoding': 'gzip' })).toMatchObject({ status: 400 })
  })

  it('is too large by its decoded size', async () => {
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(50_000_000)))
    const to = createTestApp({}, { MAX_BODY_BYTES: '100000' })
    expect(bomb.byteLength).toBeLessThan(100_000)
    expect(await send(bomb, { 'content-encoding': 'gzip' }, to)).toMatchObject({
      status: 413,
      code: 'payload_too_large',
    })
  })

  it.each(['zstd', 'compress', 'gzip, gzip', 'toString'])('is refused as %s', async (encoding) => {
    const answer = await send(BODY, { 'content-encoding': encoding })
    expect(answer).toMatchObject({ status: 415, code: 'unsupported_media_type' })
    expect(answer.headers.get('accept-encoding')).toBe('gzip, deflate, br')
  })
})

describe('the bodies in memory', () => {
  const limits = {
    MAX_BODY_BYTES: String(MAX_BODY_BYTES),
    MAX_BODIES_BYTES: String(MAX_BODY_BYTES * 4),
  }
  const announced = { 'content-length': String(MAX_BODY_BYTES) }

  it('have a budget, which one that is announced takes before it comes', async () => {
    const to = createTestApp({}, limits)
    void post(to, unfinished(10), announced)
    const { status, headers, code } = await send('x'.repeat(MAX_BODY_BYTES), announced, to)
    expect([status, code, headers.get('retry-after')]).toEqual([429, 'overloaded', '1'])
  })

  it('leave room for small ones', async () => {
    const to = createTestApp({}, limits)
    void post(to, unfinished(10), announced)
    expect((await send(BODY, {}, to)).status).toBe(200)
  })

  it('are forgotten once they are parsed', async () => {
    const to = createTestApp({}, limits)
    for (let i = 0; i < 5; i++) {
      expect((await send(BODY.padEnd(MAX_BODY_BYTES), announced, to)).status).toBe(200)
    }
  })

  it('are forgotten once they are late', async () => {
    const to = createTestApp({}, { ...limits, BODY_TIMEOUT_SECONDS: '0.05' })
    const late = await post(to, unfinished(10), announced)
    expect([late.status, late.headers.get('connection')]).toEqual([408, 'close'])
    expect((await send(BODY.padEnd(MAX_BODY_BYTES), announced, to)).status).toBe(200)
  })
})

describe('a body that no request can have', () => {
  const large = createTestApp({}, { MAX_BODY_BYTES: '500000' })
  const times = 100_000

  it.each([
    ['deep and cut off', '['.repeat(times), 400],
    ['deep', `{"text":${'['.repeat(times)}${']'.repeat(times)}}`, 422],
    ['nested objects', `${'{"text":'.repeat(9000)}1${'}'.repeat(9000)}`, 422],
    ['crowded', `{"text":[${'[],'.repeat(times)}[]]}`, 422],
    ['crowded and cut off', `{"text":[${'[],'.repeat(times)}`, 400],
    ['full of unknown fields', `{${'"a":1,'.repeat(9000)}"b":1}`, 422],
    ['not UTF-8', Buffer.from(`{"text":["${'\xe9'.repeat(9000)}"]}`, 'latin1'), 400],
  ])('is refused: %s', async (_, body, status) => {
    expect((await send(body, {}, large)).status).toBe(status)
  })

  it('has its limits far beyond what a request may have', async () => {
    const text = JSON.stringify({ text: Array(4).fill('a'.repeat(200)) })
    expect((await send(`\ufeff${text}`, {}, large)).status).toBe(200)
  })
})

describe('an answer that comes before the body was read', () => {
  it.each([
    ['PUT', '/predict', 405],
    ['POST', '/nowhere', 404],
    ['POST', '/predict', 413],
  ])('closes the connection: %s %s', async (method, path, status) => {
    const response = await app.request(path, {
      method,
      body: 'x'.repeat(MAX_BODY_BYTES + 1),
      headers: {
        'content-length': String(MAX_BODY_BYTES + 1),
        'content-type': 'application/json',
      },
    })
    expect([response.status, response.headers.get('connection')]).toEqual([status, 'close'])
    expect(await response.json()).toMatchObject({ status })
  })
})
