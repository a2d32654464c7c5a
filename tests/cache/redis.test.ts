import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Cache } from '../../app/cache/cache.ts'
import { openCache } from '../../app/cache/open.ts'
import { loadConfig } from '../../app/config.ts'
import { createMetrics } from '../../app/telemetry/metrics.ts'
import { LABELS, silent } from '../fakes.ts'
import { hasRedis, RedisServer } from './redis-server.ts'

/** A replica of the service, as far as its cache goes. */
const openReplica = (REDIS_URL: string, metrics = createMetrics(LABELS)) =>
  openCache(loadConfig({ REDIS_URL, CACHE_TIMEOUT_MS: '1000' }), metrics, silent)

/** Asks until Redis is connected and knows the key; gives up after a thousand times. */
async function recalled(cache: Cache, key: string) {
  for (let i = 0; i < 1000; i++) {
    const [hit] = await cache.getMany([key])
    if (hit) return hit
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error(`${key} was never found.`)
}

describe.skipIf(!hasRedis)('a cache with Redis', () => {
  let server: RedisServer
  let redis: Redis
  beforeAll(async () => {
    server = await RedisServer.start()
    redis = new Redis(server.url)
  })
  afterAll(async () => {
    redis.disconnect()
    await server.stop()
  })

  it('knows what another replica wrote, and then keeps it near', async () => {
    await redis.set('shared', '[0.5,0.5]')
    const cache = openReplica(server.url)
    expect(await recalled(cache, 'shared')).toEqual({ value: '[0.5,0.5]', tier: 'redis' })
    expect(await recalled(cache, 'shared')).toEqual({ value: '[0.5,0.5]', tier: 'memory' })
    await cache.close()
  })

  it('writes values that expire within ten per cent of the time to live', async () => {
    await redis.set('warm', '1')
    const cache = openReplica(server.url)
    await recalled(cache, 'warm')
    await cache.setMany(new Map([['fresh', '2']]))
    const seconds = (await redis.pttl('fresh')) / 1000
    expect(seconds).toBeGreaterThan(3600 * 0.9 - 10)
    expect(seconds).toBeLessThanOrEqual(3600 * 1.1)
    await cache.close()
  })

  it('knows nothing when Redis can’t be reached, and counts it', async () => {
    const metrics = createMetrics(LABELS)
    const cache = openReplica('redis://127.0.0.1:1', metrics)
    expect(await cache.getMany(['a'])).toEqual([undefined])
    expect(await metrics.registry.metrics()).toContain(
      'polarity_cache_lookups_total{tier="redis",result="error"} 1',
    )
    await cache.close()
  })
})
