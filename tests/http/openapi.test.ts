import { describe, expect, it } from 'vitest'
import { NOT_BLANK } from '../../app/blank.ts'
import { createTestApp, post } from '../fakes.ts'

interface Operation {
  operationId: string
  tags: string[]
  security?: unknown
  responses: Record<string, { headers: Record<string, { description: string }> }>
}

interface OpenApi {
  openapi: string
  servers: unknown
  paths: Record<string, Record<string, Operation>>
  components: {
    schemas: {
      PredictRequest: {
        required: string[]
        example: { text: string[] }
        properties: { text: { items: { pattern: string; maxLength: number } }; truncate: object }
      }
    }
    securitySchemes?: Record<string, unknown>
  }
}

const load = async (env = {}) =>
  (await (await createTestApp({}, env).request('/openapi.json')).json()) as OpenApi
const operationsOf = ({ paths }: OpenApi) => Object.values(paths).flatMap(Object.values<Operation>)
const API_KEYS = 'a'.repeat(64)

it('is OpenAPI 3.1', async () => {
  expect((await load()).openapi).toBe('3.1.0')
})

it('describes every route', async () => {
  const routes = createTestApp().routes.map(({ path }) => path)
  const served = new Set(
    routes
      .filter((path) => !path.includes('*') && path !== '/openapi.json')
      .map((path) => path.replaceAll(/:(\w+)/g, '{$1}')),
  )
  // The router takes them for another's.
  for (const path of ['/v1/models/{model}:predict', '/v2/models/stats']) served.add(path)
  expect(served).toContain('/predict')
  expect(new Set(Object.keys((await load()).paths))).toEqual(served)
})

it('describes every error of /predict', async () => {
  const statuses = Object.keys((await load()).paths['/predict']?.post?.responses ?? {})
  expect(statuses).toEqual([
    '200',
    '400',
    '401',
    '405',
    '408',
    '413',
    '415',
    '422',
    '429',
    '500',
    '503',
    '504',
  ])
})

it('states the limits that the validator keeps', async () => {
  expect((await load()).components.schemas.PredictRequest.properties.text).toMatchObject({
    type: 'array',
    maxItems: 4,
    items: { type: 'string', maxLength: 200 },
  })
})

it('counts lengths as the validator does, in code points', async () => {
  const { maxLength } = (await load()).components.schemas.PredictRequest.properties.text.items
  const statusOf = async (text: string) =>
    (await post(createTestApp(), JSON.stringify({ text: [text] }))).status
  const statuses = [await statusOf('😀'.repeat(maxLength)), await statusOf('😀'.repeat(201))]
  expect(statuses).toEqual([200, 422])
})

describe('the pattern of a text', () => {
  const pattern = async () =>
    (await load()).components.schemas.PredictRequest.properties.text.items.pattern

  it.each(['', 'u'])('is that of the validator, with the flag "%s"', async (flag) => {
    const published = new RegExp(await pattern(), flag)
    const differing: number[] = []
    for (let code = 0; code < 0xd800; code++) {
      const text = String.fromCharCode(code)
      if (published.test(text) !== NOT_BLANK.test(text)) differing.push(code)
    }
    expect(differing).toEqual([])
    expect(published.test('👍🏽')).toBe(true)
  })
})

it('leaves truncate to the client', async () => {
  const { required, properties } = (await load()).components.schemas.PredictRequest
  expect(required).toEqual(['text'])
  // Generators make a property with a default one that must be there.
  expect(properties.truncate).not.toHaveProperty('default')
})

it('names each operation, for clients that are made from it', async () => {
  const operations = operationsOf(await load())
  const names = operations.map(({ operationId }) => operationId)
  const own = operations.filter(({ tags }) => !tags.includes('Dialects'))
  expect(own.map(({ operationId }) => operationId)).toEqual([
    'predict',
    'getHealth',
    'getLiveness',
    'getReadiness',
    'getInfo',
  ])
  expect(new Set(names).size).toBe(names.length)
  expect(names.every((name) => /^\w+$/.test(name))).toBe(true)
  expect(operations.every(({ tags }) => tags.length === 1)).toBe(true)
})

it('is about the service that it comes from', async () => {
  expect((await load()).servers).toMatchObject([{ url: '/' }])
})

it.each([
  ['401', 'WWW-Authenticate'],
  ['405', 'Allow'],
  ['415', 'Accept-Encoding'],
  ['429', 'Retry-After'],
  ['429', 'RateLimit'],
  ['503', 'Retry-After'],
  ['200', 'RateLimit-Policy'],
])('describes the headers of %s: %s', async (status, name) => {
  const operation = (await load()).paths['/predict']?.post
  expect(operation?.responses[status]?.headers[name]?.description).toMatch(/\w/)
})

it('describes the request id on every answer', async () => {
  const responses = operationsOf(await load()).flatMap((one) => Object.values(one.responses))
  expect(responses.every(({ headers }) => headers['X-Request-Id'])).toBe(true)
})

it('has two ways to send a key where keys are required, for predictions and statistics alone', async () => {
  const document = await load({ API_KEYS })
  const guarded = /^predict$|^classify$|Predict$|Infer$|Stats$/
  const open = operationsOf(document).filter(({ operationId }) => !guarded.test(operationId))
  expect(Object.keys(document.components.securitySchemes ?? {})).toEqual(['bearer', 'apiKey'])
  expect(document.paths['/predict']?.post?.security).toEqual([{ bearer: [] }, { apiKey: [] }])
  expect(open.map(({ security }) => security)).toEqual(open.map(() => undefined))
  expect(document).toHaveProperty('security', [])
})

it('has none where they are not', async () => {
  const document = await load()
  expect(document.components.securitySchemes).toBeUndefined()
  expect(document.paths['/predict']?.post?.security).toEqual([])
})
