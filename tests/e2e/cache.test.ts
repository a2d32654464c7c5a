import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePort } from '../../harness/free-port.ts'
import { RUNTIMES, ServiceProcess, TINY_MODEL } from '../../harness/process.ts'
import { hasRedis, RedisServer } from '../../harness/redis-server.ts'
import { createCertificate } from '../cache/certificate.ts'
import { openUpstash, TOKEN } from '../cache/upstash-server.ts'

const TEXT = 'a text that replicas share'

describe.skipIf(!hasRedis).each(RUNTIMES)('a shared cache on %s', (runtime) => {
  let server: RedisServer
  let services: ServiceProcess[] = []
  beforeEach(async () => {
    server = await RedisServer.start()
  })
  afterEach(async () => {
    await Promise.all(services.map((service) => service.stop()))
    services = []
    await server.close()
  })

  const start = (env: Record<string, string> = {}) => {
    const common = {
      MODEL: TINY_MODEL,
      WORKERS: '1',
      DRAIN_SECONDS: '0',
      REDIS_URL: server.url,
    }
    const service = new ServiceProcess(runtime, { ...common, ...env })
    services.push(service)
    return service.ready()
  }
  const ask = async (service: ServiceProcess, ...texts: string[]) => {
    const response = await service.predict(texts)
    return `${response.status} ${response.headers.get('x-cache')}`
  }
  /** Waits for the write behind the response. */
  const written = async () => {
    const redis = new Redis(server.url)
    for (let i = 0; i < 1000 && (await redis.dbsize()) === 0; i++) {
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    return redis
  }

  it('is a hit in one replica for a text that another has cached, then a hit in memory', async () => {
    const [one, other] = await Promise.all([start(), start()])
    expect(await ask(one, TEXT)).toBe('200 MISS')
    ;(await written()).disconnect()
    expect(await ask(other, TEXT, 'new')).toBe('200 PARTIAL')
    expect(await other.metric('polarity_texts_total{source="redis"}')).toBe(1)
    expect(await ask(other, TEXT)).toBe('200 HIT')
    expect(await other.metric('polarity_texts_total{source="memory"}')).toBe(1)
  })

  it('holds the scores under the key of the contract', async () => {
    const service = await start({ CACHE_PREFIX: 'mine' })
    await ask(service, TEXT)
    const redis = await written()
    const info = (await (await fetch(`${service.url}/info`)).json()) as {
      model: { digest: string }
      numerics: string
    }
    const hash = createHash('sha256').update(TEXT).digest('base64url')
    const key = `mine:v1:${info.model.digest.slice(0, 16)}${info.numerics}:${hash}`
    expect(await redis.get(key)).toMatch(/^\[0\.\d+,0\.\d+\]$/)
    redis.disconnect()
  })

  it.each(['"poison"', '[0.9,0.9]'])(
    'overwrites the value %s, which no model wrote',
    async (poison) => {
      const service = await start()
      await ask(service, TEXT)
      const redis = await written()
      const [key = ''] = await redis.keys('*')
      await redis.set(key, poison)
      const other = await start()
      expect(await ask(other, TEXT)).toBe('200 MISS')
      for (let i = 0; i < 1000 && (await redis.get(key)) === poison; i++) {
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      expect(await redis.get(key)).not.toBe(poison)
      redis.disconnect()
    },
  )

  it('that goes down and recovers costs no request', async () => {
    const service = await start({ CACHE_MEMORY_ENTRIES: '1' })
    await ask(service, TEXT)
    await server.stop()
    for (let i = 0; i < 10; i++) expect(await ask(service, `away ${i}`)).toBe('200 MISS')
    expect(await service.metric('polarity_cache_breaker_open')).toBe(1)
    await server.start()
    for (let i = 0; i < 500 && (await service.metric('polarity_cache_breaker_open')) === 1; i++) {
      await ask(service, `back ${i}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(await service.metric('polarity_cache_breaker_open')).toBe(0)
    expect(service.logged('circuit_breaker_opened')).toHaveLength(1)
  })

  it('that hangs costs no request', async () => {
    const service = await start()
    await ask(service, TEXT)
    server.signal('SIGSTOP')
    for (let i = 0; i < 10; i++) expect(await ask(service, `silent ${i}`)).toBe('200 MISS')
    expect(await service.metric('polarity_cache_breaker_open')).toBe(1)
    server.signal('SIGCONT')
  })

  it('is reached by TLS, with a certificate that the runtime is told to trust', async () => {
    const { folder, key, cert } = createCertificate()
    const port = await freePort()
    const files = ['--tls-key-file', key, '--tls-cert-file', cert, '--tls-ca-cert-file', cert]
    const tls = ['--tls-port', String(port), ...files, '--tls-auth-clients', 'no']
    await server.close()
    server = await RedisServer.start(tls)
    const service = await start({
      REDIS_URL: `rediss://localhost:${port}`,
      NODE_EXTRA_CA_CERTS: cert,
    })
    await service.waitFor('redis_connected')
    await ask(service, TEXT)
    ;(await written()).disconnect()
    expect(await service.metric('polarity_cache_errors_total{tier="redis",operation="get"}')).toBe(
      0,
    )
    rmSync(folder, { recursive: true })
  })

  it('is reached over HTTP as Upstash', async () => {
    const upstash = await openUpstash(server.url)
    const env = { UPSTASH_REDIS_REST_URL: upstash.url, UPSTASH_REDIS_REST_TOKEN: TOKEN }
    const options = { REDIS_URL: '', CACHE_TIMEOUT_MS: '1000', ...env }
    await ask(await start(options), TEXT)
    ;(await written()).disconnect()
    expect(await ask(await start(options), TEXT)).toBe('200 HIT')
    await upstash.close()
  })

  it('runs one hot text once under concurrent requests', async () => {
    const service = await start()
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask(service, 'a hot text')))
    expect(new Set(answers.map((answer) => answer.slice(0, 3)))).toEqual(new Set(['200']))
    expect(await service.metric('polarity_batch_texts_sum')).toBe(1)
    const [model, coalesced, memory] = await Promise.all(
      ['model', 'coalesced', 'memory'].map((source) =>
        service.metric(`polarity_texts_total{source="${source}"}`),
      ),
    )
    expect([model, (coalesced ?? 0) + (memory ?? 0)]).toEqual([1, 99])
  })

  it('counts every text once, by source', async () => {
    const service = await start({ CACHE_MEMORY_ENTRIES: '20' })
    const texts = Array.from({ length: 30 }, (_, i) => `text number ${i}`)
    const requests = Array.from({ length: 60 }, (_, i) =>
      service.predict([0, 7, 0, 13].map((step) => texts[(i * 7 + step) % 30] ?? '')),
    )
    await Promise.all(requests)
    const sources = ['memory', 'redis', 'coalesced', 'model'].map((source) =>
      service.metric(`polarity_texts_total{source="${source}"}`),
    )
    const counts = await Promise.all(sources)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(240)
    expect(counts[3]).toBe(await service.metric('polarity_batch_texts_sum'))
  })
})
