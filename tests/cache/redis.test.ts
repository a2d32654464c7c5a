import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Cache } from '../../app/cache/cache.ts'
import { createClient } from '../../app/cache/redis.ts'
import { parseRedisUrl } from '../../app/redis-url.ts'
import { hasRedis, RedisServer } from '../../harness/redis-server.ts'
import {
  connected,
  openConnected,
  openUpstashCache,
  startCluster,
  TTL_SECONDS,
} from './backends.ts'

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

  const OPEN = {
    'by TCP': () => openConnected(server.url).then((cache) => ({ cache, close: cache.close })),
    'over HTTP as Upstash': () => openUpstashCache(server.url),
  }

  it.each(Object.entries(OPEN))(
    'gives values of one write lives that differ by ten per cent: %s',
    async (_, open) => {
      const { cache, close } = await open()
      const keys = Array.from({ length: 100 }, (_, i) => `key ${i}`)
      await cache.setMany(new Map(keys.map((key) => [key, 'value'])))
      // Read from a stopped clock: how long the reading takes does not matter.
      const expiries = await Promise.all(keys.map((key) => redis.pexpiretime(key)))
      await close()
      const spread = (Math.max(...expiries) - Math.min(...expiries)) / 1000
      expect(spread).toBeGreaterThan(TTL_SECONDS * 0.1)
      expect(spread).toBeLessThan(TTL_SECONDS * 0.2 + 10)
    },
  )

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

describe.skipIf(!hasRedis)('a cache whose Redis', () => {
  it('still loads its data rejects at once, and answers when it is done', async () => {
    const slowly = ['--key-load-delay', '20000', '--loading-process-events-interval-bytes', '1024']
    const server = await RedisServer.start(['--enable-debug-command', 'yes', ...slowly])
    const cache = await openConnected(server.url)
    const redis = new Redis(server.url)
    for (let i = 0; i < 50; i++) await redis.set(`known ${i}`, 'x'.repeat(2048))
    const loaded = redis.debug('RELOAD')
    const refusal = await firstRefusal(cache)
    await loaded
    await connected(cache)
    expect(refusal).toMatch(/^LOADING/)
    expect(await cache.getMany(['known 7'])).toEqual(['x'.repeat(2048)])
    redis.disconnect()
    await cache.close()
    await server.close()
  })

  it('moved a key to another node finds it there', async () => {
    const servers = await startCluster()
    const cache = await openConnected(servers.map(({ url }) => url).join(','))
    await moveSlot(servers, 'moved')
    await cache.setMany(new Map([['moved', '1']]))
    expect(await cache.getMany(['moved'])).toEqual(['1'])
    await cache.close()
    await Promise.all(servers.map((server) => server.close()))
  })
})

async function firstRefusal(cache: Cache<string>): Promise<string> {
  for (let i = 0; i < 1000; i++) {
    try {
      await cache.getMany(['known 7'])
    } catch (error) {
      return String(error instanceof Error ? error.message : error)
    }
  }
  return 'none'
}

/** Gives the slot of a key to a node that had it not. */
async function moveSlot(servers: readonly RedisServer[], key: string): Promise<void> {
  const nodes = servers.map(({ url }) => new Redis(url))
  const ids = await Promise.all(nodes.map((node) => node.cluster('MYID')))
  const slot = await nodes[0]?.cluster('KEYSLOT', key)
  const serves = (node: Redis) =>
    node.get(key).then(
      () => true,
      () => false,
    )
  const owner = (await Promise.all(nodes.map(serves))).indexOf(true)
  const heir = ids[(owner + 1) % ids.length] ?? ''
  for (const node of nodes) await node.call('CLUSTER', 'SETSLOT', String(slot), 'NODE', heir)
  for (const node of nodes) node.disconnect()
}

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
      {
        type: 'cluster',
        nodes: [
          { host: 'a', port: 1, password: 'p' },
          { host: 'b', port: 2 },
        ],
        options: { password: 'p' },
      },
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

  it('rediss+sentinel:// means TLS to the sentinels, and to the primary that they name', async () => {
    const { server, port, first } = await listen()
    const url = `rediss+sentinel://u:p@127.0.0.1:${port}/main`
    expect(parseRedisUrl(url).options).toMatchObject({ tls: {}, enableTLSForSentinelMode: true })
    const client = createClient(url)
    client.on('error', () => {})
    const connecting = client.connect().catch(() => {})
    // A handshake, not a command in plain text.
    expect((await first)[0]).toBe(0x16)
    client.disconnect()
    server.close()
    await connecting
  })
})

/** A server that hangs up after the first bytes that somebody sends. */
async function listen() {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const first = new Promise<Buffer>((resolve) => {
    server.on('connection', (socket) => {
      socket.on('error', () => {})
      socket.once('data', (bytes) => {
        resolve(bytes)
        socket.destroy()
      })
    })
  })
  return { server, port: portOf(server), first }
}

function portOf(server: Server): number {
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port')
  return address.port
}
