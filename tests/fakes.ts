import type { Answer, Call, Classify } from '../app/classifier/classify.ts'
import type { Pool } from '../app/classifier/pool.ts'
import { loadConfig } from '../app/config.ts'
import { type AppDeps, createApp } from '../app/http/app.ts'
import { createLogger } from '../app/telemetry/logger.ts'
import { createMetrics } from '../app/telemetry/metrics.ts'
import { createTiming } from '../app/telemetry/timing.ts'
import type { Batch } from '../model/session.ts'

export const LABELS = ['NEGATIVE', 'POSITIVE']

export const silent = createLogger('silent')

/** Anyone can foresee it: a text with "love" in it is positive, a text of over 100 characters is cut. */
export const answerTo = (text: string): Answer => ({
  scores: text.includes('love') ? [0.1, 0.9] : [0.8, 0.2],
  truncated: text.length > 100,
  source: 'model',
})

/** A classifier that keeps every list it was given. */
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

/** A pool whose batches wait until they are let go, one by one, oldest first. */
export function fakePool(size = 1) {
  const batches: string[][] = []
  const held: PromiseWithResolvers<Batch>[] = []
  const pool: Pool = {
    size,
    run(texts) {
      batches.push([...texts])
      const task = Promise.withResolvers<Batch>()
      held.push(task)
      return task.promise
    },
    async close() {},
  }
  /** Ends the oldest batch that runs, with the answers or with an error. */
  async function finish(error?: Error): Promise<void> {
    const texts = batches[batches.length - held.length] ?? []
    const task = held.shift()
    if (error) task?.reject(error)
    else task?.resolve(toBatch(texts))
    await settled()
  }
  return { pool, batches, finish }
}

/** Lets everything that is ready to run do so. */
export const settled = () => new Promise<void>((resolve) => setTimeout(resolve))

const toBatch = (texts: readonly string[]): Batch => ({
  scores: texts.map((text) => answerTo(text).scores),
  truncated: texts.map((text) => answerTo(text).truncated),
  runs: [{ texts: texts.length, tokens: 10 * texts.length, padding: texts.length - 1 }],
  tokenizeMs: 2,
  inferenceMs: 8,
})

/** What travels with a request, from a caller who never leaves unless told to. */
export function createCall(overrides: Partial<Call> = {}): Call {
  return {
    signal: new AbortController().signal,
    timing: createTiming(),
    caller: 'somebody',
    ...overrides,
  }
}

/** The whole public surface around a fake classifier; a test names only what it cares about. */
export function createTestApp(
  overrides: Partial<AppDeps> = {},
  env: Record<string, string | undefined> = {},
) {
  const config = loadConfig({ MAX_TEXTS: '4', MAX_CHARS: '200', MAX_BODY_BYTES: '2000', ...env })
  return createApp({
    classify: fakeClassify().classify,
    config,
    info: {
      name: 'polarity',
      version: '0.0.0',
      model: {
        id: 'fake',
        source: 'tests',
        revision: null,
        digest: '0123456789abcdef',
        dtype: 'q8',
        labels: LABELS,
        max_tokens: 16,
      },
      limits: {
        max_texts: 4,
        max_chars: 200,
        max_body_bytes: 2000,
        max_queue_tokens: 1000,
        request_timeout_seconds: 30,
      },
      workers: 1,
      cache: { tiers: ['memory'] },
    },
    pages: new Map(),
    readiness: { draining: false },
    metrics: createMetrics(LABELS),
    log: silent,
    ...overrides,
  })
}

type TestApp = ReturnType<typeof createTestApp>

/** Sends a body to `/predict`, as JSON unless the headers say otherwise. */
export const post = (app: TestApp, body: string, headers: Record<string, string> = {}) =>
  app.request('/predict', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  })
