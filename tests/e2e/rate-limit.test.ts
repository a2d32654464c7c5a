import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RUNTIMES, ServiceProcess, TINY_MODEL } from '../../harness/process.ts'
import { hasRedis, RedisServer } from '../../harness/redis-server.ts'

const start = (runtime: (typeof RUNTIMES)[number], env: Record<string, string>) =>
  new ServiceProcess(runtime, { MODEL: TINY_MODEL, ...env }).ready()

/** Sends one text for a client behind a proxy. */
const sendFor = (service: ServiceProcess, client: string) =>
  fetch(`${service.url}/predict`, {
    method: 'POST',
    body: '{"text":["good"]}',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': client },
  })

describe.each(RUNTIMES)('the rate limit on %s', (runtime) => {
  let service: ServiceProcess
  beforeAll(async () => {
    service = await start(runtime, { RATE_LIMIT_TEXTS_PER_MINUTE: '2' })
  })
  afterAll(() => service.stop())

  it('counts cache hits too', async () => {
    const statuses: number[] = []
    for (let i = 0; i < 3; i++) statuses.push((await service.predict(['good'])).status)
    expect(statuses).toEqual([200, 200, 429])
  })

  it('believes no X-Forwarded-For', async () => {
    expect((await sendFor(service, '203.0.113.5')).status).toBe(429)
  })
})

describe.each(RUNTIMES)('the rate limit behind a trusted proxy on %s', (runtime) => {
  it('is the client’s, not the proxy’s', async () => {
    const env = { RATE_LIMIT_TEXTS_PER_MINUTE: '1', TRUSTED_PROXIES: '127.0.0.0/8, ::1' }
    const service = await start(runtime, env)
    const clients = ['203.0.113.5', '203.0.113.6', '1.2.3.4, 203.0.113.5']
    const statuses: number[] = []
    for (const client of clients) statuses.push((await sendFor(service, client)).status)
    expect(statuses).toEqual([200, 200, 429])
    await service.stop()
  })
})

describe.skipIf(!hasRedis)('the rate limit of replicas with one Redis', () => {
  let redis: RedisServer
  let replicas: ServiceProcess[]
  beforeAll(async () => {
    redis = await RedisServer.start()
    const env = { REDIS_URL: redis.url, RATE_LIMIT_TEXTS_PER_MINUTE: '3' }
    replicas = await Promise.all(RUNTIMES.map((runtime) => start(runtime, env)))
  })
  afterAll(async () => {
    for (const replica of replicas) await replica.stop()
    await redis.close()
  })

  it('is one limit, and one each once Redis is gone', async () => {
    const send = async () => {
      const statuses: number[] = []
      for (let i = 0; i < 3; i++) {
        for (const replica of replicas) statuses.push((await replica.predict(['good'])).status)
      }
      return statuses.filter((status) => status === 200).length
    }
    // Up to two more may have flowed in meanwhile.
    const shared = await send()
    expect(shared).toBeGreaterThanOrEqual(3)
    expect(shared).toBeLessThan(6)
    await redis.stop()
    expect(await send()).toBeGreaterThan(0)
    for (const replica of replicas) await replica.waitFor('rate_limit_local')
  })
})
