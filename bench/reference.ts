import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { z } from 'zod'
import { ServiceProcess } from '../harness/process.ts'
import { RedisServer } from '../harness/redis-server.ts'
import { sendAll, toBody } from './client.ts'
import { runK6 } from './k6.ts'
import { ReferenceProcess } from './reference-process.ts'
import { proportionalMegabytes } from './resident.ts'
import { quantile, summarize } from './statistics.ts'
import { partsOf } from './texts.ts'
import { summarizeSamples } from './uncached.ts'

/**
 * Cache misses per round, sent 64 per request on 8 connections, after a warm-up with other texts.
 */
const TEXTS = 512
const WARM_UP_TEXTS = 256
const TEXTS_PER_REQUEST = 64
const CONNECTIONS = 8

interface Setting {
  /** Model folder, as written by `reference/prepare.py`. */
  readonly folder: string
  readonly texts: readonly string[]
  readonly rounds: number
  /** Duration of each k6 run. */
  readonly seconds: number
}

interface Stack {
  readonly url: string
  readonly pid: number
  stop(): Promise<unknown>
}

const STACKS: Record<string, (folder: string, redisUrl: string) => Promise<Stack>> = {
  'polarity-bun': (folder, redisUrl) => openPolarity('bun', folder, redisUrl),
  'polarity-node': (folder, redisUrl) => openPolarity('node', folder, redisUrl),
  'fastapi-torch': ReferenceProcess.open('fastapi-torch'),
  'fastapi-onnxruntime': ReferenceProcess.open('fastapi-onnxruntime'),
  'litserve-onnxruntime': ReferenceProcess.open('litserve-onnxruntime'),
}

const openPolarity = (runtime: 'bun' | 'node', MODEL: string, REDIS_URL: string) =>
  new ServiceProcess(runtime, { MODEL, REDIS_URL, WORKERS: '2' }).ready()

/**
 * Each stack in turn, once per round, with its own Redis: start time, cache misses, and both k6
 * loads.
 */
export async function measureReference(setting: Setting) {
  const kept = new Map(Object.keys(STACKS).map((name) => [name, [] as Figures[]]))
  for (let round = 0; round < setting.rounds; round++) {
    for (const [name, samples] of kept) samples.push(await measureStack(name, setting, round))
  }
  const stacks = [...kept].map(([stack, samples]) => ({ stack, ...summarizeSamples(samples) }))
  return {
    texts_per_request: TEXTS_PER_REQUEST,
    connections: CONNECTIONS,
    stacks,
    ...ratios(kept),
    package_megabytes: measurePackages(),
  }
}

const Sizes = z.record(z.string(), z.object({ all: z.number(), without_gpu: z.number() }))

/** Disk size of the other stacks' packages, without Python itself. */
function measurePackages() {
  const folder = join(import.meta.dirname, 'reference')
  const python = join(folder, '../../node_modules/.cache/reference/bin/python')
  const printed = execFileSync(python, [join(folder, 'sizes.py')], { encoding: 'utf8' })
  return Sizes.parse(JSON.parse(printed))
}

type Figures = Awaited<ReturnType<typeof measureStack>>

async function measureStack(name: string, setting: Setting, round: number) {
  process.stderr.write(`round ${round + 1}: ${name}\n`)
  const redis = await RedisServer.start()
  const startedAt = performance.now()
  const stack = await STACKS[name]?.(setting.folder, redis.url)
  if (!stack) throw new Error(`There is no stack ${name}.`)
  const start_seconds = (performance.now() - startedAt) / 1000
  try {
    return { start_seconds, ...(await measureRunning(stack, setting, round)) }
  } finally {
    await stack.stop()
    await redis.close()
  }
}

async function measureRunning(stack: Stack, { texts, seconds }: Setting, round: number) {
  const url = `${stack.url}/predict`
  const ofRound = texts.slice(round * (WARM_UP_TEXTS + TEXTS))
  const warmUp = partsOf(ofRound.slice(0, WARM_UP_TEXTS), TEXTS_PER_REQUEST)
  await sendAll(url, warmUp.map(toBody), CONNECTIONS)
  const some = ofRound.slice(WARM_UP_TEXTS, WARM_UP_TEXTS + TEXTS)
  const uncached = await sendAll(url, partsOf(some, TEXTS_PER_REQUEST).map(toBody), CONNECTIONS)
  // One cache miss at a time: the last texts, which no round uses.
  const single = await sendAll(
    url,
    texts.slice(-100).map((text) => toBody([text])),
    1,
  )
  const load = await runK6('load', stack.url, seconds)
  const honest = await runK6('honest', stack.url, seconds)
  return {
    uncached_texts_per_second: TEXTS / uncached.seconds,
    single_text_p50_ms: quantile(single.milliseconds, 0.5),
    ...figuresOf('load', load),
    ...figuresOf('honest', honest),
    megabytes: proportionalMegabytes(stack.pid),
  }
}

type Run = Awaited<ReturnType<typeof runK6>>

const figuresOf = <Name extends string>(name: Name, { metrics }: Run) =>
  ({
    [`${name}_requests_per_second`]: metrics.http_reqs.rate,
    [`${name}_p50_ms`]: metrics.http_req_duration.med,
    [`${name}_p99_ms`]: metrics.http_req_duration['p(99)'],
    [`${name}_failed`]: metrics.http_req_failed.value,
  }) as Record<`${Name}_${'requests_per_second' | 'p50_ms' | 'p99_ms' | 'failed'}`, number>

/** Polarity on Bun relative to each other stack, round by round. */
function ratios(kept: ReadonlyMap<string, readonly Figures[]>) {
  const ours = kept.get('polarity-bun') ?? []
  const over = (others: readonly Figures[], figure: keyof Figures) =>
    summarize(others.map((other, i) => (ours[i]?.[figure] ?? Number.NaN) / other[figure]))
  const polarity_over = [...kept]
    .filter(([name]) => !name.startsWith('polarity'))
    .map(([stack, others]) => ({
      stack,
      uncached_texts_per_second: over(others, 'uncached_texts_per_second'),
      load_requests_per_second: over(others, 'load_requests_per_second'),
      load_p99: over(others, 'load_p99_ms'),
      honest_requests_per_second: over(others, 'honest_requests_per_second'),
      honest_p99: over(others, 'honest_p99_ms'),
      start_seconds: over(others, 'start_seconds'),
      megabytes: over(others, 'megabytes'),
    }))
  return { polarity_over }
}
