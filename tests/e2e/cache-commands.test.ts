import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { RUNTIMES, runtimePath } from '../../harness/process.ts'
import { hasRedis, RedisServer } from '../../harness/redis-server.ts'
import { openUpstash, TOKEN } from '../cache/upstash-server.ts'

const ROOT = join(import.meta.dirname, '../..')
const OURS = 2500
/** One model on two kinds of CPU: digest and numerics class. */
const PLACES = ['0123456789abcdef11112222', '0123456789abcdef33334444']

describe.skipIf(!hasRedis).each(RUNTIMES)('the cache commands on %s', (runtime) => {
  let server: RedisServer
  let redis: Redis
  beforeAll(async () => {
    server = await RedisServer.start()
    redis = new Redis(server.url)
  })
  afterAll(async () => {
    redis.disconnect()
    await server.close()
  })
  beforeEach(async () => {
    await redis.flushall()
    const keys = Array.from({ length: OURS }, (_, i) => `polarity:v1:${PLACES[i % 2]}:${i}`)
    await redis.mset(keys.flatMap((key) => [key, '[0.25,0.75]']))
    await redis.mset('polarity:v2:later', '1', 'foreign', '2')
  })

  const run = (command: string, args: readonly string[] = [], env: Record<string, string> = {}) =>
    promisify(execFile)(runtimePath(runtime), ['cli/polarity.ts', 'cache', command, ...args], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, REDIS_URL: server.url, ...env },
    }).then(
      ({ stdout, stderr }) => ({ stdout, stderr, code: 0 }),
      (failed: { stdout: string; stderr: string; code: number }) => failed,
    )

  it('count the answers of each model and numerics class', async () => {
    const { stdout } = await run('stats')
    expect(stdout).toContain(
      `${OURS} predictions under polarity, of ${OURS + 2} keys in the database\n`,
    )
    for (const numerics of ['11112222', '33334444']) {
      expect(stdout).toContain(
        `model 0123456789abcdef, numerics ${numerics}: ${OURS / 2} predictions, about 11 bytes each`,
      )
    }
  })

  it('remove every answer and nothing else', async () => {
    expect((await run('flush', ['--yes'])).stdout).toBe(`${OURS} predictions removed\n`)
    expect((await redis.keys('*')).sort()).toEqual(['foreign', 'polarity:v2:later'])
  })

  it('remove nothing without --yes', async () => {
    const { code, stderr } = await run('flush')
    expect([code, stderr]).toEqual([2, expect.stringContaining('--yes')])
    expect(await redis.dbsize()).toBe(OURS + 2)
  })

  it('show how far they are', async () => {
    expect((await run('flush', ['--yes'])).stderr).toContain(`of ${OURS + 2} keys\n`)
  })

  it('work over HTTP too', async () => {
    const upstash = await openUpstash(server.url)
    const env = { UPSTASH_REDIS_REST_URL: upstash.url, UPSTASH_REDIS_REST_TOKEN: TOKEN }
    const { stdout } = await run('flush', ['--yes'], { REDIS_URL: '', ...env })
    await upstash.close()
    expect(stdout).toBe(`${OURS} predictions removed\n`)
  })

  it.each([
    { env: { REDIS_URL: '' }, says: /no shared cache/, exit: 2 },
    { env: { REDIS_URL: 'redis://127.0.0.1:1' }, says: /ECONNREFUSED|closed/, exit: 1 },
  ])('say why they can’t, in one line: $env', async ({ env, says, exit }) => {
    const { code, stderr } = await run('stats', [], env)
    expect(code).toBe(exit)
    expect(stderr.trim()).toMatch(says)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})
