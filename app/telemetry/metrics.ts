import {
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type OpenMetricsContentType,
  Registry,
} from 'prom-client'
import { ERROR_CODES } from '../errors.ts'
import { STAGES } from './timing.ts'
import type { Exemplar } from './trace.ts'

export type Metrics = ReturnType<typeof createMetrics>

/** From a cached answer (well under a millisecond) to the longest deadline, in seconds. */
export const LATENCY_BUCKETS = [
  0.000_25, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
]

const SOURCES = ['memory', 'redis', 'coalesced', 'model'] as const
const TIERS = ['memory', 'redis'] as const
const LOOKUP_RESULTS = ['hit', 'miss', 'error'] as const
const WORKER_STATES = ['starting', 'idle', 'busy', 'leaving'] as const
const OPERATIONS = ['get', 'set'] as const

/** Gauges of prom-client's own named like counters; each is the sum of one beside it that is split by type. */
const MISNAMED = ['handles', 'requests', 'resources'].map((kind) => `nodejs_active_${kind}_total`)

/** Every series of the service but those of HTTP. A fresh set each call, so two in one process never meet. */
export function createMetrics(labels: readonly string[]) {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  for (const name of MISNAMED) registry.removeSingleMetric(name)
  const registers = [registry]

  const metrics = {
    registry,
    ...cacheMetrics(registers),
    ...queueMetrics(registers),
    ...modelMetrics(registers),
    rejected: new Counter({
      name: 'polarity_rejected_total',
      help: 'Requests that were refused or failed, by error code.',
      labelNames: ['code'],
      registers,
    }),
  }
  registry.registerMetric(metrics.stageSeconds)
  startAtZero(metrics, labels)
  return metrics
}

type Registers = Registry[]

const cacheMetrics = (registers: Registers) => ({
  texts: new Counter({
    name: 'polarity_texts_total',
    help: 'Texts answered, by where the answer came from.',
    labelNames: ['source'],
    registers,
  }),
  cacheLookups: new Counter({
    name: 'polarity_cache_lookups_total',
    help: 'Distinct texts looked up, by cache tier and result.',
    labelNames: ['tier', 'result'],
    registers,
  }),
  cacheErrors: new Counter({
    name: 'polarity_cache_errors_total',
    help: 'Cache operations that failed, by tier.',
    labelNames: ['tier', 'operation'],
    registers,
  }),
  cacheBreakerOpen: new Gauge({
    name: 'polarity_cache_breaker_open',
    help: '1 while the shared cache fails and is not asked, else 0.',
    registers,
  }),
  cacheSeconds: new Histogram({
    name: 'polarity_cache_duration_seconds',
    help: 'Time of one cache operation, by tier.',
    labelNames: ['tier', 'operation'],
    buckets: LATENCY_BUCKETS,
    registers,
  }),
})

const queueMetrics = (registers: Registers) => ({
  queueTexts: new Gauge({
    name: 'polarity_queue_texts',
    help: 'Texts that wait for a worker.',
    registers,
  }),
  queueTokens: new Gauge({
    name: 'polarity_queue_tokens',
    help: 'Estimated tokens of the texts that wait for a worker.',
    registers,
  }),
  queueMaxTokens: new Gauge({
    name: 'polarity_queue_max_tokens',
    help: 'Tokens that may wait for a worker.',
    registers,
  }),
  workers: new Gauge({
    name: 'polarity_workers',
    help: 'Worker threads, by what they do now.',
    labelNames: ['state'],
    registers,
  }),
  workerRestarts: new Counter({
    name: 'polarity_worker_restarts_total',
    help: 'Worker threads that were replaced because they failed.',
    registers,
  }),
})

const modelMetrics = (registers: Registers) => ({
  batchTexts: new Histogram({
    name: 'polarity_batch_texts',
    help: 'Texts in one run of the model.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128],
    registers,
  }),
  batchTokens: new Histogram({
    name: 'polarity_batch_tokens',
    help: 'Tokens in one run of the model, padding included.',
    buckets: [8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096],
    registers,
  }),
  tokens: new Counter({
    name: 'polarity_tokens_total',
    help: 'Tokens that the model read, padding left out.',
    registers,
  }),
  paddingTokens: new Counter({
    name: 'polarity_padding_tokens_total',
    help: 'Padding tokens that the model read.',
    registers,
  }),
  stageSeconds: new Histogram<'stage' | keyof Exemplar>({
    name: 'polarity_stage_duration_seconds',
    help: 'Time of a stage: cache and queue for each request, tokenize and inference for each batch.',
    labelNames: ['stage'],
    buckets: LATENCY_BUCKETS,
    enableExemplars: true,
    registers: [createOpenMetrics()],
  }),
  truncated: new Counter({
    name: 'polarity_truncated_texts_total',
    help: 'Texts answered after being cut to the longest that the model reads.',
    registers,
  }),
  predictions: new Counter({
    name: 'polarity_predictions_total',
    help: 'Texts answered, by the label with the highest score.',
    labelNames: ['label'],
    registers,
  }),
  modelInfo: new Gauge({
    name: 'polarity_model_info',
    help: 'Always 1; its labels name the model that answers.',
    labelNames: ['id', 'digest', 'dtype'],
    registers,
  }),
})

/** prom-client makes a metric with exemplars only for such a registry; `scrape` chooses the format. */
function createOpenMetrics(): Registry<OpenMetricsContentType> {
  const registry = new Registry<OpenMetricsContentType>()
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
  return registry
}

type Series = ReturnType<typeof cacheMetrics> &
  ReturnType<typeof queueMetrics> &
  ReturnType<typeof modelMetrics> & { rejected: Counter<'code'> }

/** A series that appears only with its first event hides that event from `rate()`. */
function startAtZero(metrics: Series, labels: readonly string[]): void {
  for (const source of SOURCES) metrics.texts.inc({ source }, 0)
  for (const stage of STAGES) metrics.stageSeconds.zero({ stage })
  for (const code of ERROR_CODES) metrics.rejected.inc({ code }, 0)
  for (const state of WORKER_STATES) metrics.workers.set({ state }, 0)
  for (const label of labels) metrics.predictions.inc({ label }, 0)
  for (const tier of TIERS) startTierAtZero(metrics, tier)
}

function startTierAtZero({ cacheLookups, cacheErrors, cacheSeconds }: Series, tier: string): void {
  for (const result of LOOKUP_RESULTS) cacheLookups.inc({ tier, result }, 0)
  for (const operation of OPERATIONS) {
    cacheErrors.inc({ tier, operation }, 0)
    cacheSeconds.zero({ tier, operation })
  }
}
