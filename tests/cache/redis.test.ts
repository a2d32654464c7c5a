import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseRedisUrl } from '../../app/cache/redis-url.ts'
import { connected, openConnected } from './backends.ts'
import { hasRedis, RedisServer } from './redis-server.ts'

describe.skipIf(!hasRedis)('a cache in Redis', () => {
  let server: RedisServer
  let redis: Redis
  beforeEach(async () => {
    server = await RedisServer.start()
    redis = new Redis(server.url)
  })
  afterEach(async () => {
    redis.disconnect()
    await server.close()
  })

  it('writes values that expire within ten per cent of the time to live', async () => {
    const cache = await openConnected(server.url)
    await cache.setMany(new Map([['fresh', '2']]))
    const seconds = (await redis.pttl('fresh')) / 1000
    await cache.close()
    expect(seconds).toBeGreaterThan(60 * 0.9 - 10)
    expect(seconds).toBeLessThanOrEqual(60 * 1.1)
  })

  it.each([
    { fault: 'is full', says: /OOM/, command: ['config', 'set', 'maxmemory', '1'] },
    { fault: 'is a replica', says: /READONLY/, command: ['replicaof', '127.0.0.1', '1'] },
  ])('that $fault rejects what is written, and answers what is read', async ({ says, command }) => {
    const cache = await openConnected(server.url)
    await redis.set('known', '1')
    const [name = '', ...args] = command
    await redis.call(name, ...args)
    const failed = await cache.setMany(new Map([['a', '1']])).catch((error: Error) => error.message)
    expect(failed).toMatch(says)
    // ioredis connects anew when it meets a replica: its name may lead to the primary by now.
    await connected(cache)
    expect(await cache.getMany(['known'])).toEqual(['1'])
    await cache.close()
  })
})

describe('the address of Redis', () => {
  it.each([
    ['redis://h', { type: 'single', options: { host: 'h', port: 6379, db: 0 } }],
    [
      'rediss://u:p%40@h:1/2',
      {
        type: 'single',
        options: { host: 'h', port: 1, db: 2, username: 'u', password: 'p@', tls: {} },
      },
    ],
    ['unix:///run/redis.sock', { type: 'single', options: { path: '/run/redis.sock' } }],
    [
      'redis://:p@a:1,redis://b:2',
      { type: 'cluster', nodes: ['redis://:p@a:1', 'redis://b:2'], options: { password: 'p' } },
    ],
    [
      'redis+sentinel://u:p@a:1,b/main',
      {
        type: 'single',
        options: {
          sentinels: [
            { host: 'a', port: 1 },
            { host: 'b', port: 26_379 },
          ],
          name: 'main',
          username: 'u',
          password: 'p',
        },
      },
    ],
  ])('%s is read', (url, address) => {
    expect(parseRedisUrl(url)).toEqual(address)
  })
})
