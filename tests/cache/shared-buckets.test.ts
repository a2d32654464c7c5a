import { describe, expect, it } from 'vitest'
import { openRemoteBuckets, type RemoteBuckets } from '../../app/cache/redis-buckets.ts'
import { SharedBuckets } from '../../app/cache/shared-buckets.ts'
import { loadConfig } from '../../app/config.ts'
import { hasRedis, RedisServer } from '../../harness/redis-server.ts'
import { silent } from '../fakes.ts'
import { startCluster } from './backends.ts'
import { openUpstash, TOKEN } from './upstash-server.ts'

interface Closable {
  close(): Promise<unknown>
}

const REDIS: Record<string, () => Promise<{ env: Record<string, string>; open: Closable[] }>> = {
  async Redis() {
    const server = await RedisServer.start()
    return { env: { REDIS_URL: server.url }, open: [server] }
  },
  async 'a cluster'() {
    const servers = await startCluster()
    return { env: { REDIS_URL: servers.map(({ url }) => url).join(',') }, open: servers }
  },
  async Upstash() {
    const server = await RedisServer.start()
    const upstash = await openUpstash(server.url)
    const env = { UPSTASH_REDIS_REST_URL: upstash.url, UPSTASH_REDIS_REST_TOKEN: TOKEN }
    return { env, open: [upstash, server] }
  },
}

/** Remote buckets once they are connected. */
async function connect(env: Record<string, string>, textsPerMinute: number) {
  const remote = openRemoteBuckets(loadConfig(env), textsPerMinute)
  for (let i = 0; i < 1000; i++) {
    const answer = await remote?.add('nobody', 0).catch(() => undefined)
    if (remote && answer) return remote
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('It was never connected.')
}

const share = (remote: RemoteBuckets, textsPerMinute: number, timeoutMs = 60_000) => {
  const changes: boolean[] = []
  const onLocal = (local: boolean) => changes.push(local)
  const buckets = new SharedBuckets(remote, { textsPerMinute, timeoutMs, onLocal, log: silent })
  return { buckets, changes }
}

describe.skipIf(!hasRedis).each(Object.entries(REDIS))('buckets in %s', (_, start) => {
  it('are one for all replicas, to the last text, however many ask at once', async () => {
    const { env, open } = await start()
    const remotes = [await connect(env, 50), await connect(env, 50)]
    const replicas = remotes.map((remote) => share(remote, 50).buckets)
    const asked = Array.from({ length: 200 }, async (_, i) => replicas[i % 2]?.take('somebody', 1))
    const answers = await Promise.all(asked)
    const granted = answers.reduce((sum, answer) => sum + (answer?.granted ?? 0), 0)
    // What flows in while the test runs may be granted too.
    expect(granted).toBeGreaterThanOrEqual(50)
    expect(granted).toBeLessThan(100)
    for (const remote of remotes) remote.close()
    for (const one of open) await one.close()
  })

  it('take back, and go into debt', async () => {
    const { env, open } = await start()
    const remote = await connect(env, 1_000)
    await remote.take('somebody', 1_000, 1_000)
    expect((await remote.add('somebody', 400)).left).toBeGreaterThanOrEqual(400)
    expect((await remote.add('somebody', -2_000)).left).toBeLessThan(0)
    expect((await remote.take('somebody', 1, 1)).granted).toBe(0)
    expect((await remote.take('another', 1, 1)).granted).toBe(1)
    remote.close()
    for (const one of open) await one.close()
  })
})

describe.skipIf(!hasRedis)('a shared bucket', () => {
  it('leaves nothing in Redis for ever, and no address', async () => {
    const server = await RedisServer.start()
    const remote = await connect({ REDIS_URL: server.url, CACHE_PREFIX: 'mine' }, 10)
    await remote.take('203.0.113.5', 1, 1)
    const { Redis } = await import('ioredis')
    const redis = new Redis(server.url)
    const [key = ''] = await redis.keys('*')
    expect(key).toMatch(/^mine:limit:[\w-]{43}$/)
    expect(await redis.pttl(key)).toBeGreaterThan(0)
    redis.disconnect()
    remote.close()
    await server.close()
  })
})

describe('a replica', () => {
  const failing: RemoteBuckets = {
    take: () => Promise.reject(new Error('away')),
    add: () => Promise.reject(new Error('away')),
    close() {},
  }

  it('counts by itself while Redis fails, and says so', async () => {
    const { buckets, changes } = share(failing, 4)
    const granted: number[] = []
    for (let i = 0; i < 5; i++) granted.push((await buckets.take('somebody', 1)).granted)
    expect(granted).toEqual([1, 1, 1, 1, 0])
    expect(changes).toEqual([true])
  })

  it('counts by itself while Redis does not answer', async () => {
    const hung = { ...failing, take: () => new Promise<never>(() => undefined) }
    const { buckets } = share(hung, 1, 1)
    expect((await buckets.take('somebody', 1)).granted).toBe(1)
    expect((await buckets.take('somebody', 1)).granted).toBe(0)
  })

  /** Redis with a bucket that is never refilled. */
  const counting = () => {
    const seen = { calls: 0, left: 6000 }
    const remote: RemoteBuckets = {
      async take(_, need, want) {
        seen.calls++
        const granted = seen.left >= need ? Math.min(want, seen.left) : 0
        seen.left -= granted
        return { granted, left: seen.left }
      },
      async add(_, texts) {
        seen.calls++
        seen.left += texts
        return { granted: 0, left: seen.left }
      },
      close() {},
    }
    return { remote, seen }
  }

  it('asks Redis once for a second’s worth of texts', async () => {
    const { remote, seen } = counting()
    const { buckets } = share(remote, 6000)
    for (let i = 0; i < 101; i++) await buckets.take('somebody', 1)
    expect(seen.calls).toBe(1)
  })

  it('loses none of what it took ahead', async () => {
    const { remote } = counting()
    const { buckets } = share(remote, 6000)
    let granted = 0
    for (let i = 0; i < 6050; i++) granted += (await buckets.take('somebody', 1)).granted
    expect(granted).toBe(6000)
  })

  it('goes on from what it has let through when Redis goes away', async () => {
    const { remote } = counting()
    const broken = { ...remote }
    const { buckets } = share(broken, 6000)
    expect((await buckets.take('somebody', 6000)).granted).toBe(6000)
    broken.take = failing.take
    expect((await buckets.take('somebody', 1000)).granted).toBe(0)
  })
})
