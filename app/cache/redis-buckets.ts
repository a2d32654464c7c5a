import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Config } from '../config.ts'
import type { Taken } from '../token-bucket.ts'
import { createClient } from './redis.ts'
import { openUpstash } from './upstash.ts'

/** Token buckets that replicas share. Every call may fail or hang. */
export interface RemoteBuckets {
  /** Takes up to `want` texts, but nothing if the bucket holds fewer than `need`. */
  take(caller: string, need: number, want: number): Promise<Taken>
  /** Puts texts back, or if negative takes them even where that leaves a debt. */
  add(caller: string, texts: number): Promise<Taken>
  close(): void
}

type BucketConfig = Pick<
  Config,
  'REDIS_URL' | 'UPSTASH_REDIS_REST_URL' | 'UPSTASH_REDIS_REST_TOKEN' | 'CACHE_PREFIX'
>

/**
 * One step that no other client can interrupt: fill by Redis' own clock, which all replicas share,
 * then take. ARGV: texts a minute, need, want, texts to add. A full bucket needs no key.
 */
const SCRIPT = `
local capacity, need, want, add = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local state = redis.call('HMGET', KEYS[1], 'texts', 'at')
local texts = tonumber(state[1]) or capacity
local passed = math.max(0, now - (tonumber(state[2]) or now))
texts = math.min(capacity, texts + passed * capacity / 60000)
texts = math.min(capacity, texts + add)
local granted = 0
if need > 0 and texts >= need then granted = math.min(want, math.floor(texts)) end
texts = texts - granted
redis.call('HSET', KEYS[1], 'texts', string.format('%.6f', texts), 'at', string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], math.max(1, math.ceil((capacity - texts) * 60000 / capacity)))
return {granted, string.format('%.6f', texts)}
`

const Answer = z.tuple([z.coerce.number(), z.coerce.number()])

type Evaluate = (key: string, args: readonly string[]) => Promise<unknown>

/** Opens the buckets in the Redis of the shared cache; `undefined` if none is configured. */
export function openRemoteBuckets(
  config: BucketConfig,
  textsPerMinute: number,
): RemoteBuckets | undefined {
  const { REDIS_URL, UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = config
  const shape = { prefix: config.CACHE_PREFIX, textsPerMinute }
  if (REDIS_URL) return openRedisBuckets(REDIS_URL, shape)
  if (!url || !token) return undefined
  const redis = openUpstash({ url, token })
  return toBuckets((key, args) => redis.eval(SCRIPT, [key], [...args]), shape)
}

interface Shape {
  readonly prefix: string
  readonly textsPerMinute: number
}

function openRedisBuckets(url: string, shape: Shape): RemoteBuckets {
  const redis = createClient(url)
  // The cache, which has a connection of its own, logs why there is none.
  redis.on('error', () => undefined)
  redis.connect().catch(() => undefined)
  const buckets = toBuckets((key, args) => redis.eval(SCRIPT, 1, key, ...args), shape)
  return { ...buckets, close: () => redis.disconnect() }
}

function toBuckets(evaluate: Evaluate, { prefix, textsPerMinute }: Shape): RemoteBuckets {
  const run = async (caller: string, ...numbers: readonly number[]) => {
    // Hashed, so that Redis holds no addresses.
    const key = `${prefix}:limit:${createHash('sha256').update(caller).digest('base64url')}`
    const answer = await evaluate(key, [textsPerMinute, ...numbers].map(String))
    const [granted, left] = Answer.parse(answer)
    return { granted, left }
  }
  return {
    take: (caller, need, want) => run(caller, need, want, 0),
    add: (caller, texts) => run(caller, 0, 0, texts),
    close() {},
  }
}
