import { ApiKeys } from '../app/api-keys.ts'
import type { Cache, Tier } from '../app/cache/cache.ts'
import type { Call, Classify, Prediction } from '../app/classifier/classify.ts'
import { loadConfig } from '../app/config.ts'
import { Health } from '../app/health.ts'
import { type AppDeps, createApp } from '../app/http/app.ts'
import { createLogger } from '../app/telemetry/logger.ts'
import { createMetrics } from '../app/telemetry/metrics.ts'
import { createTiming } from '../app/telemetry/timing.ts'
import { NO_TRACE } from '../app/telemetry/trace.ts'

export const LABELS = ['NEGATIVE', 'POSITIVE']

export const silent = createLogger('silent', { write() {} })

/** Deterministic: a text with "love" is positive, a text of over 100 characters is truncated. */
export const answerTo = (text: string): Prediction => ({
  scores: text.includes('love') ? [0.1, 0.9] : [0.8, 0.2],
  truncated: text.length > 100,
  source: 'model',
})

/** A classifier that records its calls. */
export function fakeClassify(): { classify: Classify; lists: string[][] } {
  const lists: string[][] = []
  return {
    lists,
    async classify(texts) {
      lists.push([...texts])
      return texts.map(answerTo)
    },
  }
}

/** A clock that only moves when told to. */
export function fakeClock() {
  let milliseconds = 0
  return {
    now: () => milliseconds,
    pass(more: number) {
      milliseconds += more
    },
  }
}

/** Runs all pending microtasks and immediates. */
export const settled = () => new Promise<void>((resolve) => setTimeout(resolve))

/** A cache without limits that fails on demand. */
export function fakeCache<Value>(tier: Tier) {
  const known = new Map<string, Value>()
  const faults: { read?: Error | undefined; write?: Error | undefined; hangs?: boolean } = {}
  const fake = {
    known,
    lookups: 0,
    fail(error: Error | undefined) {
      faults.read = error
      faults.write = error
    },
    failWrites(error: Error) {
      faults.write = error
    },
    hang() {
      faults.hangs = true
    },
    cache: {
      tier,
      async getMany(keys: readonly string[]) {
        fake.lookups++
        if (faults.hangs) await new Promise(() => undefined)
        if (faults.read) throw faults.read
        return keys.map((key) => known.get(key))
      },
      async setMany(entries: ReadonlyMap<string, Value>) {
        if (faults.write) throw faults.write
        for (const [key, value] of entries) known.set(key, value)
      },
      async close() {},
    } satisfies Cache<Value>,
  }
  return fake
}

/** A call that is only aborted on demand. */
export function createCall({
  signal = new AbortController().signal,
  caller = 'somebody',
  ...overrides
}: CallOverrides = {}): Call {
  return {
    timing: createTiming(),
    trace: NO_TRACE,
    deadlineAt: Number.POSITIVE_INFINITY,
    ...overrides,
    signal: () => signal,
    caller: () => caller,
  }
}

type CallOverrides = Partial<Omit<Call, 'signal' | 'caller'>> & {
  signal?: AbortSignal
  caller?: string
}

/** A process with a warm worker. */
export function healthIn(phase: Health['phase']): Health {
  const health = new Health()
  health.phase = phase
  health.workers = { warm: 1, leaving: 0 }
  return health
}

/** What an app needs, around a fake classifier; a test passes only what it needs. */
export function createTestDeps(
  overrides: Partial<AppDeps> = {},
  env: Record<string, string | undefined> = {},
): AppDeps {
  const config = loadConfig({ MAX_TEXTS: '4', MAX_CHARS: '200', MAX_BODY_BYTES: '2000', ...env })
  const keys = config.API_KEYS.map((digest, i) => ({ name: `key-${i + 1}`, digest }))
  return {
    classify: fakeClassify().classify,
    config,
    keys: new ApiKeys(keys),
    info: {
      name: 'polarity',
      version: '0.0.0',
      model: {
        id: 'fake',
        source: 'tests',
        version: null,
        revision: null,
        digest: '0123456789abcdef'.repeat(4),
        dtype: 'q8',
        labels: LABELS,
        max_tokens: 16,
        card: null,
      },
      long_texts: 'truncate',
      numerics: '89abcdef',
      limits: {
        max_texts: 4,
        max_chars: 200,
        max_body_bytes: 2000,
        max_queue_tokens: 1000,
        max_queue_seconds: 5,
        max_batch_tokens: 64,
        request_timeout_seconds: 30,
      },
      streaming: { content_types: ['application/x-ndjson'], max_row_bytes: 70_000, max_streams: 2 },
      explanations: { max_texts: 2, max_words: 8 },
      workers: 1,
      cache: { tiers: ['memory'] },
    },
    pages: new Map(),
    health: healthIn('serving'),
    metrics: createMetrics(LABELS),
    log: silent,
    ...overrides,
  }
}

/** The public app. */
export const createTestApp = (...[overrides, env]: Parameters<typeof createTestDeps>) =>
  createApp(createTestDeps(overrides, env))

type TestApp = ReturnType<typeof createTestApp>

/** Sends a body to `/predict`, as JSON unless the headers say otherwise. */
export const post = (app: TestApp, body: string, headers: Record<string, string> = {}) =>
  app.request('/predict', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  })
