import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { loadPages } from '../../app/http/pages.ts'
import { createTestApp } from '../fakes.ts'

const app = createTestApp({ pages: await loadPages() }, { MAX_TEXTS: '1000' })
const bundle = '/web/swagger-ui-bundle.js'
const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  app.request(path, { method, headers: { accept: 'text/html', ...headers } })
const predict = (texts: number, acceptEncoding: string) =>
  app.request('/predict', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept-encoding': acceptEncoding },
    body: JSON.stringify({ text: Array(texts).fill('a') }),
  })
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer())

describe.each(['/', '/docs', bundle, '/openapi.json'])('%s', (path) => {
  it('is not sent again to who has it', async () => {
    const first = await get(path)
    const again = await get(path, { 'if-none-match': first.headers.get('etag') ?? '' })
    expect([again.status, await again.text()]).toEqual([304, ''])
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'))
  })

  it('may be kept, in one form for each coding', async () => {
    const { headers } = await get(path)
    expect(headers.get('cache-control')).toBe('no-cache')
    expect(headers.get('vary')).toContain('Accept-Encoding')
  })

  it('leaves Strict-Transport-Security to the gateway', async () => {
    expect((await get(path)).headers.has('strict-transport-security')).toBe(false)
  })
})

describe('a large answer', () => {
  it.each([
    ['gzip', gunzipSync],
    ['br', brotliDecompressSync],
  ] as const)('is compressed by %s, and the same', async (coding, decompress) => {
    for (const path of [bundle, '/openapi.json']) {
      const compressed = await get(path, { 'accept-encoding': coding })
      expect(compressed.headers.get('content-encoding')).toBe(coding)
      expect(decompress(await bytesOf(compressed))).toEqual(await bytesOf(await get(path)))
    }
    const answer = await predict(300, coding)
    expect(answer.headers.get('content-encoding')).toBe(coding)
    expect(JSON.parse(String(decompress(await bytesOf(answer)))).predictions).toHaveLength(300)
  })

  it('is plain for who wants it so', async () => {
    for (const response of [await get(bundle), await predict(300, 'identity, br;q=0')]) {
      expect(response.headers.has('content-encoding')).toBe(false)
    }
  })

  it('is no other for a cached one than for its tag', async () => {
    const plain = await get(bundle)
    const compressed = await get(bundle, { 'accept-encoding': 'br' })
    expect(compressed.headers.get('etag')).toBe(plain.headers.get('etag'))
  })
})

describe('a small answer', () => {
  it('is sent as it is', async () => {
    const response = await predict(2, 'gzip, br')
    expect(response.headers.has('content-encoding')).toBe(false)
  })
})

describe('every answer', () => {
  it.each(['/', '/health', '/nowhere', '/info', '/openapi.json', '/predict'])(
    'forbids to guess its type: %s',
    async (path) => {
      expect((await get(path)).headers.get('x-content-type-options')).toBe('nosniff')
    },
  )

  it('forbids it for predictions too', async () => {
    expect((await predict(1, '')).headers.get('x-content-type-options')).toBe('nosniff')
  })

  it.each(['/', '/docs', bundle, '/health', '/livez', '/readyz', '/info', '/openapi.json'])(
    'has the same length for HEAD: %s',
    async (path) => {
      for (const headers of [{ 'accept-encoding': 'identity' }, { 'accept-encoding': 'gzip' }]) {
        const head = await get(path, headers, 'HEAD')
        const { byteLength } = await (await get(path, headers)).arrayBuffer()
        expect(head.headers.get('content-length')).toBe(String(byteLength))
      }
    },
  )
})
