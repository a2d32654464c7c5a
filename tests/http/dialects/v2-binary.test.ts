import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { createTestApp } from '../../fakes.ts'
import { V2_INFER } from './send.ts'
import { binaryRequest, readBinary, tensor } from './v2-binary.ts'

const TEXTS = ['I love it', 'no']
const sendBinary = (
  { headers, body }: ReturnType<typeof binaryRequest>,
  more: Record<string, string> = {},
) => createTestApp().request(V2_INFER, { method: 'POST', headers: { ...headers, ...more }, body })

const LABEL = { name: 'label', datatype: 'BYTES', shape: [2], data: ['POSITIVE', 'NEGATIVE'] }

describe('an inference in bytes', () => {
  it('has its outputs in bytes, as Triton’s client asks for them', async () => {
    const response = await sendBinary(binaryRequest(TEXTS))
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/octet-stream')
    expect(await readBinary(response)).toEqual({
      label: ['POSITIVE', 'NEGATIVE'],
      score: [0.9, 0.8].map(Math.fround),
      probabilities: [0.1, 0.9, 0.8, 0.2].map(Math.fround),
    })
  })

  it('has each output as it is asked for', async () => {
    const outputs = [
      { name: 'label', parameters: { binary_data: false } },
      { name: 'score', parameters: { binary_data: true } },
    ]
    const response = await sendBinary(binaryRequest(TEXTS, { outputs }))
    const length = Number(response.headers.get('inference-header-content-length'))
    const body = Buffer.from(await response.arrayBuffer())
    expect(JSON.parse(body.subarray(0, length).toString())).toMatchObject({
      outputs: [LABEL, { name: 'score', parameters: { binary_data_size: 8 } }],
    })
    expect(body.byteLength).toBe(length + 8)
  })

  it('may be compressed, as a whole', async () => {
    const { body, headers } = binaryRequest(TEXTS)
    const response = await sendBinary(
      { headers, body: new Uint8Array(gzipSync(body)) },
      { 'content-encoding': 'gzip' },
    )
    expect((await readBinary(response)).label).toEqual(['POSITIVE', 'NEGATIVE'])
  })

  it('may be one text without JSON', async () => {
    const body = new TextEncoder().encode('I love it')
    const headers = { 'inference-header-content-length': '0' }
    expect((await readBinary(await sendBinary({ headers, body }))).label).toEqual(['POSITIVE'])
  })

  it('reads any Unicode', async () => {
    const response = await sendBinary(binaryRequest(['love 😀é', '\ufefflove']))
    expect((await readBinary(response)).label).toEqual(['POSITIVE', 'POSITIVE'])
  })

  const two = tensor(TEXTS)
  it.each([
    [
      'a length beyond the end',
      binaryRequest(TEXTS, { bytes: new Uint8Array([255, 255, 255, 255]) }),
    ],
    ['a length that is cut off', binaryRequest(TEXTS, { bytes: new Uint8Array([1, 0]) })],
    ['a text that is cut off', binaryRequest(TEXTS, { bytes: two.subarray(0, -1) })],
    ['a text too many', binaryRequest(TEXTS, { shape: [1] })],
    ['a text too few', binaryRequest(TEXTS, { shape: [3] })],
    ['a billion texts', binaryRequest(TEXTS, { shape: [1_000_000_000] })],
    ['a shape that is no whole number', binaryRequest(TEXTS, { shape: [1.5] })],
    ['a negative shape', binaryRequest(TEXTS, { shape: [-2] })],
    ['a shape beyond 2^53', binaryRequest(TEXTS, { shape: [1e300] })],
    ['two large dimensions', binaryRequest(TEXTS, { shape: [2, 1_000_000_000] })],
    ['another size than follows', binaryRequest(TEXTS, { size: 3 })],
    ['a negative size', binaryRequest(TEXTS, { size: -1 })],
    ['no size', binaryRequest(TEXTS, { size: undefined })],
    [
      'bytes that are no UTF-8',
      binaryRequest(TEXTS, { shape: [1], bytes: new Uint8Array([1, 0, 0, 0, 0xff]) }),
    ],
    ['a blank text', binaryRequest(['a', ' '])],
    ['too many texts', binaryRequest(Array(5).fill('a'))],
    ['no texts in many bytes', binaryRequest([], { bytes: two })],
  ])('is refused with the body that its clients read: %s', async (_, request) => {
    const response = await sendBinary(request)
    expect(response.status).toBe(422)
    expect(await response.json()).toEqual({ error: expect.stringMatching(/\w/) })
  })

  it.each(['-1', 'x', '1e3', '99999999', '9'.repeat(400), ''])(
    'is refused for a length of its JSON of "%s"',
    async (length) => {
      const { body } = binaryRequest(TEXTS)
      const headers = { 'inference-header-content-length': length }
      expect([400, 422]).toContain((await sendBinary({ headers, body })).status)
    },
  )

  it('is no JSON where its JSON is cut off', async () => {
    const { body } = binaryRequest(TEXTS)
    const response = await sendBinary({ headers: { 'inference-header-content-length': '9' }, body })
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ error: expect.any(String) })
  })

  it('is too large where any body is', async () => {
    const response = await sendBinary(binaryRequest(['a'.repeat(3000)]))
    expect(response.status).toBe(413)
    expect(await response.json()).toEqual({ error: expect.any(String) })
  })
})
