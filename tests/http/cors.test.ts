import { describe, expect, it } from 'vitest'
import { createTestApp, post } from '../fakes.ts'

const predict = (
  body: unknown,
  headers: Record<string, string>,
  app: ReturnType<typeof createTestApp>,
) => post(app, JSON.stringify(body), headers)

describe('with CORS origins', () => {
  const app = createTestApp({}, { CORS_ORIGINS: 'https://a.example, https://b.example' })

  it('lets a named origin read the answer and its headers', async () => {
    const response = await predict({ text: ['a'] }, { origin: 'https://b.example' }, app)
    expect(response.headers.get('access-control-allow-origin')).toBe('https://b.example')
    expect(response.headers.get('access-control-expose-headers')).toMatch(
      /X-Truncated.*X-Model-Digest/,
    )
  })

  it('does not let another origin read it', async () => {
    const response = await predict({ text: ['a'] }, { origin: 'https://c.example' }, app)
    expect(response.headers.has('access-control-allow-origin')).toBe(false)
  })

  it('answers every origin where that is wanted', async () => {
    const open = createTestApp({}, { CORS_ORIGINS: '*' })
    const response = await predict({ text: ['a'] }, { origin: 'https://c.example' }, open)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
  })
})
