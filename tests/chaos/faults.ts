import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { RedisServer } from '../../harness/redis-server.ts'
import type { RedisProxy } from './proxy.ts'

export interface Room {
  readonly server: RedisServer
  readonly proxy: RedisProxy
}

/** A host name for the loopback that exists only while this runs. */
export const HOST_NAME = 'polarity-chaos.test'
const HOSTS = '/etc/hosts'

const PAUSE_MS = 5000
const SIGSTOP_MS = 30_000

async function command(server: RedisServer, ...parts: string[]): Promise<void> {
  const redis = new Redis(server.url)
  const [name = '', ...args] = parts
  await redis.call(name, ...args)
  redis.disconnect()
}

async function whileProxy(proxy: RedisProxy, onRequest: RedisProxy['onRequest']): Promise<void> {
  const before = proxy.onRequest
  proxy.onRequest = onRequest
  await sleep(2 * PAUSE_MS)
  proxy.onRequest = before
}

/** Faults by name. Each resolves when it is undone. */
export const FAULTS: Record<string, (room: Room) => Promise<void>> = {
  nothing: () => sleep(PAUSE_MS),

  async 'killed and started again'({ server }) {
    await server.stop()
    await sleep(PAUSE_MS)
    await server.start()
  },

  async 'paused for 30 s'({ server }) {
    server.signal('SIGSTOP')
    await sleep(SIGSTOP_MS)
    server.signal('SIGCONT')
  },

  '200 ms slow on every command': ({ proxy }) =>
    whileProxy(proxy, (_, forward) => void setTimeout(forward, 200)),

  'connection reset on every third command': ({ proxy }) =>
    whileProxy(proxy, (number, forward, cut) => (number % 3 === 0 ? cut() : forward())),

  async 'full, without eviction'({ server }) {
    await command(server, 'config', 'set', 'maxmemory-policy', 'noeviction')
    await command(server, 'config', 'set', 'maxmemory', '1')
    await sleep(PAUSE_MS)
    await command(server, 'config', 'set', 'maxmemory', '0')
  },

  async flushed({ server }) {
    await command(server, 'flushall')
    await sleep(PAUSE_MS)
  },

  async 'made a replica'({ server }) {
    await command(server, 'replicaof', '127.0.0.1', '1')
    await sleep(PAUSE_MS)
    await command(server, 'replicaof', 'no', 'one')
  },

  async 'no longer resolved by name'({ server }) {
    const before = readFileSync(HOSTS, 'utf8')
    writeFileSync(HOSTS, before.replaceAll(`127.0.0.1 ${HOST_NAME}\n`, ''))
    await server.stop()
    await server.start()
    await sleep(PAUSE_MS)
    writeFileSync(HOSTS, before)
  },

  async 'poisoned by hand'({ server }) {
    const redis = new Redis(server.url)
    const keys = await redis.keys('*')
    for (const [i, key] of keys.entries()) {
      await redis.set(key, ['hello', '[1,2,3]', '{"scores":"x"}', ''][i % 4] ?? '')
    }
    for (const key of keys.slice(0, 5)) {
      await redis.del(key)
      await redis.lpush(key, 'a list where a text should be')
    }
    redis.disconnect()
    await sleep(PAUSE_MS)
  },
}

/** Adds the host name to the hosts file; returns a function that restores the file. */
export function nameLoopback(): () => void {
  const before = readFileSync(HOSTS, 'utf8')
  writeFileSync(HOSTS, `${before.trimEnd()}\n127.0.0.1 ${HOST_NAME}\n`)
  return () => writeFileSync(HOSTS, before)
}
