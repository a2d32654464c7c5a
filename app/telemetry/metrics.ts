import { Counter, collectDefaultMetrics, Registry } from 'prom-client'
import { ERROR_CODES, SHED_REASONS } from '../errors.ts'
import {
  CACHE_OPERATIONS,
  DIALECTS,
  LOOKUP_RESULTS,
  ROW_RESULTS,
  SHADOW_RESULTS,
  SOURCES,
  STREAM_ENDS,
  STREAM_FORMATS,
  TIERS,
  WORKER_STATES,
} from './labels.ts'
import { answerMetrics } from './series/answers.ts'
import { cacheMetrics } from './series/cache.ts'
import { cpuMetrics } from './series/cpu.ts'
import { keyMetrics } from './series/keys.ts'
import { modelMetrics } from './series/model.ts'
import { queueMetrics } from './series/queue.ts'
import { rateLimitMetrics } from './series/rate-limit.ts'
import { shadowMetrics } from './series/shadow.ts'
import { stageMetrics } from './series/stages.ts'
import { streamMetrics } from './series/streams.ts'

export type Metrics = ReturnType<typeof createMetrics>

/** prom-client's gauges that are named like counters; each is only the sum of another gauge. */
const MISNAMED = ['handles', 'requests', 'resources'].map((kind) => `nodejs_active_${kind}_total`)

/**
 * All metrics but those of HTTP. Each call creates its own registry, so instances do not share
 * state.
 */
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
    ...answerMetrics(registers),
    ...shadowMetrics(registers),
    ...stageMetrics(registers),
    ...keyMetrics(registers),
    ...rateLimitMetrics(registers),
    ...cpuMetrics(registers),
    ...streamMetrics(registers),
    rejected: new Counter({
      name: 'polarity_rejected_total',
      help: 'Requests rejected or failed, by error code.',
      labelNames: ['code'],
      registers,
    }),
    logLinesLost: new Counter({
      name: 'polarity_log_lines_lost_total',
      help: 'Log lines that could not be written: the disk was full, the pipe closed or its reader stuck.',
      registers,
    }),
  }
  startAtZero(metrics, labels)
  return metrics
}

type Series = ReturnType<typeof cacheMetrics> &
  ReturnType<typeof queueMetrics> &
  ReturnType<typeof modelMetrics> &
  ReturnType<typeof answerMetrics> &
  ReturnType<typeof shadowMetrics> &
  ReturnType<typeof streamMetrics> & { rejected: Counter<'code'> }

/** `rate()` misses the first event unless its series already exists with value 0. */
function startAtZero(metrics: Series, labels: readonly string[]): void {
  for (const source of SOURCES) metrics.texts.inc({ source }, 0)
  for (const code of ERROR_CODES) metrics.rejected.inc({ code }, 0)
  for (const reason of SHED_REASONS) metrics.shed.inc({ reason }, 0)
  for (const state of WORKER_STATES) {
    metrics.workers.set({ state }, 0)
    metrics.tokenizerThreads.set({ state }, 0)
  }
  for (const label of labels) metrics.predictions.inc({ label }, 0)
  for (const dialect of DIALECTS) metrics.answers.inc({ dialect }, 0)
  startShadowAtZero(metrics, labels)
  for (const format of STREAM_FORMATS) startStreamsAtZero(metrics, format)
  for (const tier of TIERS) startTierAtZero(metrics, tier)
}

function startShadowAtZero({ shadowTexts, shadowAgreement }: Series, labels: readonly string[]) {
  for (const result of SHADOW_RESULTS) shadowTexts.inc({ result }, 0)
  for (const label of labels) {
    for (const shadowLabel of labels) shadowAgreement.inc({ label, shadow_label: shadowLabel }, 0)
  }
}

function startStreamsAtZero({ streams, streamRows }: Series, format: string): void {
  for (const end of STREAM_ENDS) streams.inc({ format, end }, 0)
  for (const result of ROW_RESULTS) streamRows.inc({ format, result }, 0)
}

function startTierAtZero({ cacheLookups, cacheErrors, cacheSeconds }: Series, tier: string): void {
  for (const result of LOOKUP_RESULTS) cacheLookups.inc({ tier, result }, 0)
  for (const operation of CACHE_OPERATIONS) {
    cacheErrors.inc({ tier, operation }, 0)
    cacheSeconds.series({ tier, operation })
  }
}
