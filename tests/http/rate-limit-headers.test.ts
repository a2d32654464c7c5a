import { describe, expect, it } from 'vitest'
import { rateLimited } from '../../app/classifier/rate-limited.ts'
import { LocalBuckets } from '../../app/token-bucket.ts'
import { createTestApp, fakeClassify, post } from '../fakes.ts'

const limited = () => {
  const buckets = new LocalBuckets(60, () => 0)
  const limit = { textsPerMinute: 60, missCost: 1, buckets }
  return createTestApp(
    { classify: rateLimited(fakeClassify().classify, limit) },
    { MAX_TEXTS: '60', CORS_ORIGINS: '*' },
  )
}

const send = (app: ReturnType<typeof createTestApp>, texts: number) =>
  post(app, JSON.stringify({ text: Array(texts).fill('a') }))

const headersOf = ({ headers }: Response) => [
  headers.get('ratelimit-policy'),
  headers.get('ratelimit'),
  headers.get('retry-after'),
]

describe('the rate limit', () => {
  it('says with an answer what is left', async () => {
    const response = await send(limited(), 10)
    expect(headersOf(response)).toEqual(['"texts";q=60;w=60', '"texts";r=50;t=10', null])
  })

  it('says with a refusal what is left, and when to come back', async () => {
    const app = limited()
    await send(app, 58)
    const response = await send(app, 7)
    expect(response.status).toBe(429)
    expect(headersOf(response)).toEqual(['"texts";q=60;w=60', '"texts";r=2;t=58', '5'])
  })

  it('says nothing where there is none', async () => {
    expect(headersOf(await send(createTestApp(), 1))).toEqual([null, null, null])
  })

  it('lets pages of other origins read it', async () => {
    const response = await limited().request('/health', {
      headers: { origin: 'https://a.example' },
    })
    expect(response.headers.get('access-control-expose-headers')).toMatch(
      /RateLimit,RateLimit-Policy/,
    )
  })
})
