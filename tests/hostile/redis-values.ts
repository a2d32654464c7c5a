import { Redis } from 'ioredis'
import { ServiceProcess } from '../../harness/process.ts'
import { hasRedis, RedisServer } from '../../harness/redis-server.ts'
import { type Answer, ask, askOn, predict } from './client.ts'
import type { Circumstances, Part } from './part.ts'

const HEALTH_MS = 100
const LARGE = 5_000_000

/** Values that somebody else wrote where the service keeps its own. */
const POISON: Record<string, string | Buffer> = {
  'scores that sum to 0': '[0,0]',
  'scores that sum to 1.8': '[0.9,0.9]',
  'a score above 1': '[1.5,-0.5]',
  'three scores': '[0.2,0.3,0.5]',
  'one score': '[1]',
  'an infinite score': '[1e999,0]',
  'a null': '[null,1]',
  'texts for scores': '["0.5","0.5"]',
  'an object': '{"scores":[0.5,0.5]}',
  'no JSON': 'hello',
  nothing: '',
  'bytes that are no text': Buffer.from([0xff, 0xfe, 0, 1]),
  '5 MB of brackets': '['.repeat(LARGE),
  '5 MB of spaces before scores': `${' '.repeat(LARGE)}[0.5,0.5]`,
  '5 MB of scores': `[${'0.5,'.repeat(LARGE / 4)}0.5]`,
  'a score of a million digits': `[0.${'5'.repeat(1_000_000)},0.5]`,
}

/** What stands in Redis is not the service's own. */
export const redisValues: Part = async (circumstances) => {
  const { runtime, report } = circumstances
  if (!hasRedis) {
    report.skip(`${runtime} redis`, 'apt-get install redis-server')
    return
  }
  const server = await RedisServer.start()
  const client = new Redis(server.url)
  const env = { REDIS_URL: server.url, CACHE_MEMORY_ENTRIES: '0', DRAIN_SECONDS: '0' }
  const service = await new ServiceProcess(runtime, env).ready()
  try {
    for (let i = 0; i < 50; i++) await ask(service.url)
    for (const [name, value] of Object.entries(POISON))
      await poison(service.url, client, { ...circumstances, name, value })
  } finally {
    await service.stop()
    client.disconnect()
    await server.close()
  }
}

interface Poison extends Circumstances {
  readonly name: string
  readonly value: string | Buffer
}

async function poison(url: string, client: Redis, given: Poison): Promise<void> {
  const { runtime, report, slack, name, value } = given
  await client.flushall()
  const text = [`A text whose value is changed to ${name}.`]
  const before = await predict(url, text)
  const key = await onlyKey(client)
  const good = await client.get(key)
  await client.set(key, value)
  const health = askOn(() => ask(url), 4)
  const answer = await predict(url, text)
  const worst = Math.max(...(await health.stop()).map(({ ms }) => ms))
  const mended = await isMended(client, key, good)
  const same = answer.status === 200 && answer.text === before.text
  report.add({
    attack: `${runtime} redis: ${name}`,
    held: same && cacheOf(answer) === 'MISS' && mended && worst <= HEALTH_MS * slack,
    figure: `${answer.status} ${cacheOf(answer)}, ${same ? 'the right scores' : 'OTHER SCORES'}, ${mended ? 'overwritten' : 'left there'}, /health at most ${worst.toFixed(0)} ms`,
    bound: `200 MISS, the right scores, overwritten, ${HEALTH_MS * slack} ms`,
  })
}

const cacheOf = ({ headers }: Answer) => headers['x-cache']

async function onlyKey(client: Redis): Promise<string> {
  for (let i = 0; i < 200; i++) {
    const [key] = await client.keys('*')
    if (key !== undefined) return key
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('The service wrote nothing to Redis.')
}

async function isMended(client: Redis, key: string, good: string | null): Promise<boolean> {
  for (let i = 0; i < 100; i++) {
    if ((await client.get(key)) === good) return true
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return false
}
