import { expect, it } from 'vitest'
import { createTestApp } from '../fakes.ts'

interface OpenApi {
  openapi: string
  paths: Record<string, Record<string, { responses: Record<string, unknown> }>>
  components: { schemas: { PredictRequest: { properties: { text: unknown } } } }
}

const load = async () => (await (await createTestApp().request('/openapi.json')).json()) as OpenApi

it('is OpenAPI 3.1', async () => {
  expect((await load()).openapi).toBe('3.1.0')
})

it('describes every route', async () => {
  const routes = createTestApp().routes.map(({ path }) => path)
  const served = new Set(routes.filter((path) => !path.includes('*') && path !== '/openapi.json'))
  expect(served).toContain('/predict')
  expect(new Set(Object.keys((await load()).paths))).toEqual(served)
})

it('describes every error of /predict', async () => {
  const statuses = Object.keys((await load()).paths['/predict']?.post?.responses ?? {})
  expect(statuses).toEqual([
    '200',
    '400',
    '401',
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
