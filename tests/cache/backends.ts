import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import type { Cache } from '../../app/cache/cache.ts'
import { openRedis } from '../../app/cache/redis.ts'
import { createUpstash } from '../../app/cache/upstash.ts'
import { freePort } from '../../harness/free-port.ts'
import { RedisServer } from '../../harness/redis-server.ts'
import { silent } from '../fakes.ts'
import { openUpstash, TOKEN } from './upstash-server.ts'

interface Backend {
  readonly cache: Cache<string>
  close(): Promise<unknown>
}

export const TTL_SECONDS = 60

/** Every cache adapter, against a real server. */
export const BACKENDS: Record<string, () => Promise<Backend>> = {
  async 'Redis by TCP'() {
    const server = await RedisServer.start()
    return withServers(server.url, server)
  },

  async 'Redis by a unix socket'() {
    const server = await RedisServer.start()
    return withServers(`unix://${server.socket}`, server)
  },

  async 'Redis with a user and a password'() {
    const server = await RedisServer.start([
      '--user',
      'polarity',
      'on',
      '>p@ss/word',
      '~*',
      '+@all',
    ])
    return withServers(`redis://polarity:p%40ss%2Fword@127.0.0.1:${server.port}/0`, server)
  },

  async 'a cluster of three'() {
    const servers = await startCluster()
    return withServers(servers.map(({ url }) => url).join(','), ...servers)
  },

  async 'the primary that a sentinel names'() {
    const primary = await RedisServer.start()
    const sentinel = await startSentinel(primary.port)
    return withServers(`redis+sentinel://127.0.0.1:${sentinel.port}/chosen`, sentinel, primary)
  },

  async 'Upstash over HTTP'() {
    const server = await RedisServer.start()
    const { cache, close } = await openUpstashCache(server.url)
    return { cache, close: () => close().then(() => server.close()) }
  },
}

async function withServers(
  url: string,
  ...servers: { close(): Promise<void> }[]
): Promise<Backend> {
  const cache = await openConnected(url)
  return {
    cache,
    async close() {
      await cache.close()
      await Promise.all(servers.map((server) => server.close()))
    },
  }
}

/** A cache that reaches a Redis over HTTP. */
export async function openUpstashCache(redisUrl: string): Promise<Backend> {
  const upstash = await openUpstash(redisUrl)
  const cache = createUpstash({ url: upstash.url, token: TOKEN }, TTL_SECONDS)
  return { cache, close: upstash.close }
}

/** A cache in Redis that is connected. */
export async function openConnected(url: string): Promise<Cache<string>> {
  const cache = openRedis(url, TTL_SECONDS, silent)
  await connected(cache)
  return cache
}

/** Retries until it responds; throws after a thousand attempts. */
export async function connected(cache: Cache<string>): Promise<void> {
  let last: unknown
  for (let i = 0; i < 1000; i++) {
    try {
      await cache.getMany(['anything'])
      return
    } catch (error) {
      last = error
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
  throw new Error('It was never connected.', { cause: last })
}

/** Three servers that share the slots among them. */
export async function startCluster(): Promise<RedisServer[]> {
  const servers = await Promise.all(
    [1, 2, 3].map(() => RedisServer.start(['--cluster-enabled', 'yes'])),
  )
  const addresses = servers.map(({ port }) => `127.0.0.1:${port}`)
  execFileSync('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-yes'])
  await Promise.all(servers.map(clusterIsUp))
  return servers
}

async function clusterIsUp({ url }: RedisServer): Promise<void> {
  const redis = new Redis(url)
  while (!(await redis.cluster('INFO')).includes('cluster_state:ok')) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  redis.disconnect()
}

/** A sentinel that watches one primary under the name "chosen". */
async function startSentinel(primaryPort: number) {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-'))
  const [port, file] = [await freePort(), join(folder, 'sentinel.conf')]
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `sentinel monitor chosen 127.0.0.1 ${primaryPort} 1`,
  ]
  writeFileSync(file, `${lines.join('\n')}\n`)
  const child = spawn('redis-server', [file, '--sentinel'], { stdio: 'ignore' })
  return {
    port,
    async close() {
      child.kill('SIGKILL')
      await once(child, 'exit')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
