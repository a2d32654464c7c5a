import { describe, expect, it } from 'vitest'
import { loadPages } from '../../../app/http/pages.ts'
import { createTestApp, healthIn } from '../../fakes.ts'
import { sendJson } from './send.ts'

const predict = (body: unknown, name = 'fake:predict', app = createTestApp()) =>
  sendJson(`/v1/models/${name}`, body, { app })

const get = (path: string, app = createTestApp()) => app.request(path)

describe('predictions of KServe v1', () => {
  it('have every label of each text, in class order', async () => {
    const response = await predict({ instances: ['I love it', 'no'] })
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      predictions: [
        [
          { label: 'NEGATIVE', score: 0.1 },
          { label: 'POSITIVE', score: 0.9 },
        ],
        [
          { label: 'NEGATIVE', score: 0.8 },
          { label: 'POSITIVE', score: 0.2 },
        ],
      ],
    })
  })

  it('come by the name of the service too, which is that of its InferenceService', async () => {
    expect((await predict({ instances: ['a'] }, 'polarity:predict')).status).toBe(200)
  })

  it.each([
    ['no instances', { text: ['a'] }, 'instances: Must be a list of strings.'],
    ['a blank one', { instances: ['a', ''] }, 'instances[1]: Must not be blank.'],
    ['an object', { instances: [{ text: 'a' }] }, 'instances[0]: Must be a string.'],
    ['too many', { instances: Array(5).fill('a') }, 'instances: More than 4 texts.'],
  ])('are refused with the body that its clients read: %s', async (_, body, message) => {
    const response = await predict(body)
    expect(response.status).toBe(422)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.json()).toEqual({
      error: `One thing is wrong with the request. ${message}`,
    })
  })

  it.each([
    ['an unknown model', 'other:predict'],
    ['another verb', 'fake:explain'],
    ['no verb', 'fake'],
    ['no name', ':predict'],
  ])('are not found for %s', async (_, name) => {
    const response = await predict({ instances: ['a'] }, name)
    expect(response.status).toBe(404)
    expect(await response.json()).toEqual({ error: expect.any(String) })
  })

  it('need a key where one is needed', async () => {
    const app = createTestApp({}, { API_KEYS: 'a'.repeat(64) })
    const response = await predict({ instances: ['a'] }, 'fake:predict', app)
    expect(response.status).toBe(401)
    expect(await response.json()).toEqual({ error: expect.any(String) })
  })
})

describe('a model of KServe v1', () => {
  it('is listed', async () => {
    expect(await (await get('/v1/models')).json()).toEqual({ models: ['fake'] })
  })

  it('is ready', async () => {
    expect(await (await get('/v1/models/fake')).json()).toEqual({ name: 'fake', ready: true })
  })

  it('is not ready while the service drains', async () => {
    const response = await get('/v1/models/fake', createTestApp({ health: healthIn('draining') }))
    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({ error: expect.any(String) })
  })

  it('is not found by another name', async () => {
    expect((await get('/v1/models/other')).status).toBe(404)
  })

  it('has errors of its own for what is not there', async () => {
    expect(await (await get('/v1/nowhere')).json()).toEqual({ error: expect.any(String) })
  })
})

describe('GET /', () => {
  const pages = loadPages()
  const root = async (headers: Record<string, string>, env = {}) =>
    createTestApp({ pages: await pages }, env).request('/', { headers })

  it.each([
    ['takes anything', { accept: '*/*' }],
    ['takes JSON', { accept: 'application/json' }],
    ['says nothing', {}],
  ])('says that the service lives to who %s', async (_, headers) => {
    const response = await root(headers)
    expect(await response.json()).toEqual({ status: 'alive' })
    expect(response.headers.get('vary')).toBe('Accept')
  })

  it('is the page for a browser', async () => {
    const response = await root({ accept: 'text/html,application/xhtml+xml,*/*;q=0.8' })
    expect(response.headers.get('content-type')).toContain('text/html')
    expect(response.headers.get('vary')).toContain('Accept-Encoding')
    expect(response.headers.get('vary')).toMatch(/\bAccept(,|$)/)
  })

  it('is the page for everybody where the dialect is off', async () => {
    const response = await root({ accept: '*/*' }, { DIALECTS: 'none' })
    expect(response.headers.get('content-type')).toContain('text/html')
  })
})
