import { findModel } from '../model/catalog.ts'
import { loadModel, type Model } from '../model/load.ts'
import { ModelError } from '../model/model-error.ts'
import manifest from '../package.json' with { type: 'json' }
import { openCache } from './cache/open.ts'
import { cached } from './classifier/cached.ts'
import { cpuLimit } from './classifier/cpu-limit.ts'
import { openPool, type Pool } from './classifier/pool.ts'
import { rateLimited } from './classifier/rate-limited.ts'
import { scheduled } from './classifier/scheduled.ts'
import { type Config, ConfigError } from './config.ts'
import { createApp } from './http/app.ts'
import { createInternalApp } from './http/internal.ts'
import { loadPages } from './http/pages.ts'
import type { Connection } from './http/request-env.ts'
import type { Info } from './http/schema.ts'
import type { Logger } from './telemetry/logger.ts'
import { createMetrics, type Metrics } from './telemetry/metrics.ts'

export type Fetch = (request: Request, connection: Connection) => Response | Promise<Response>

export interface Service {
  readonly fetch: Fetch
  /** Metrics and probes. */
  readonly internalFetch: Fetch
  /** From here on `/readyz` says no, so that the platform sends its traffic elsewhere. */
  drain(): void
  close(): Promise<void>
}

/** The only place that knows every part: builds them from the ground up, warms the model, and joins them. */
export async function openService(config: Config, log: Logger): Promise<Service> {
  const [model, pages] = await Promise.all([openModel(config.MODEL), loadPages()])
  const metrics = createMetrics(model.labels)
  metrics.modelInfo.set({ id: model.id, digest: model.digest, dtype: model.dtype }, 1)

  const cache = openCache(config, metrics, log)
  const workers = config.WORKERS ?? cpuLimit()
  const pool = await openWorkers(config, { model, workers, metrics, log })
  const inBatches = scheduled(pool, {
    maxTokens: model.maxTokens,
    maxBatchTokens: config.MAX_BATCH_TOKENS,
    maxQueueTokens: config.MAX_QUEUE_TOKENS,
    metrics,
  })
  const remembered = cached(inBatches, {
    cache,
    prefix: config.CACHE_PREFIX,
    modelDigest: model.digest,
    labels: model.labels.length,
    metrics,
    log,
  })

  const limit = config.RATE_LIMIT_TEXTS_PER_MINUTE
  const classify = limit ? rateLimited(remembered, limit) : remembered

  const readiness = { draining: false }
  const info = toInfo(config, { model, workers, tiers: cache.tiers })
  const app = createApp({ classify, config, info, pages, readiness, metrics, log })

  return {
    fetch: app.fetch,
    internalFetch: createInternalApp(readiness, metrics).fetch,
    drain() {
      readiness.draining = true
    },
    async close() {
      await pool.close()
      await cache.close()
    },
  }
}

/** A model that can't be found or read is the operator's to mend, like every bad value. */
async function openModel(idOrFolder: string): Promise<Model> {
  try {
    return await loadModel(await findModel(idOrFolder))
  } catch (error) {
    if (!(error instanceof ModelError)) throw error
    throw new ConfigError(`Bad configuration\n  MODEL: ${error.message}`, { cause: error })
  }
}

interface Workers {
  readonly model: Model
  readonly workers: number
  readonly metrics: Metrics
  readonly log: Logger
}

function openWorkers(config: Config, { model, workers, metrics, log }: Workers): Promise<Pool> {
  const { folder, maxTokens } = model
  const options = { folder, maxTokens, maxRunTokens: config.MAX_BATCH_TOKENS }
  return openPool(options, { size: workers, metrics, log })
}

function toInfo(
  config: Config,
  parts: { model: Model; workers: number; tiers: readonly string[] },
): Info {
  const { id, source, revision, digest, dtype, labels, maxTokens } = parts.model
  return {
    name: 'polarity',
    version: manifest.version,
    model: { id, source, revision, digest, dtype, labels: [...labels], max_tokens: maxTokens },
    limits: {
      max_texts: config.MAX_TEXTS,
      max_chars: config.MAX_CHARS,
      max_body_bytes: config.MAX_BODY_BYTES,
      max_queue_tokens: config.MAX_QUEUE_TOKENS,
      request_timeout_seconds: config.REQUEST_TIMEOUT_SECONDS,
    },
    workers: parts.workers,
    cache: { tiers: [...parts.tiers] },
  }
}
