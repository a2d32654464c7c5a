import { BOUNDS } from '../objectives.ts'
import { lines } from './panels.ts'
import { REPLICA, rate, recorded } from './queries.ts'
import { QUEUE_SECONDS, TEXTS_BY_KEY, THROTTLED, WORKERS_BUSY } from './shared.ts'
import { atMost } from './thresholds.ts'

const SIZE = { width: 6, height: 5 }

export const why = [
  lines({
    ...SIZE,
    title: 'p99 by hit and miss',
    help: 'HIT: all texts were cache hits; PARTIAL: some; MISS: none. Only MISS slow: inference. HIT slow: CPU or event loop.',
    unit: 's',
    more: 'polarity-service',
    queries: {
      '{{cache}}': `max by (cache) (${recorded('namespace_job_cache:predict_duration_seconds:p99_rate5m')})`,
    },
  }),
  lines({
    ...SIZE,
    title: 'p99 by stage',
    help: 'queue: capacity; cache: Redis; inference: longer texts or less CPU.',
    unit: 's',
    more: 'polarity-model',
    queries: {
      '{{stage}}': `max by (stage) (${recorded('namespace_job_stage:polarity_stage_duration_seconds:p99_rate5m')})`,
    },
  }),
  lines({
    ...SIZE,
    title: 'Rejected or failed, by code',
    help: 'The `code` of the error response. internal: a bug; deadline_exceeded: too late; overloaded: shed.',
    unit: 'reqps',
    more: 'polarity-service',
    queries: { '{{code}}': `sum by (code) (${rate('polarity_rejected_total')}) > 0` },
  }),
  lines({
    ...SIZE,
    title: 'Cache hit rate by tier',
    help: 'A fall means more inference. Redis is looked up only after a miss in memory; it falls to 0 while the circuit breaker is open.',
    unit: 'percentunit',
    max: 1,
    more: 'polarity-cache',
    queries: {
      '{{tier}}': `max by (tier) (${recorded('namespace_job_tier:polarity_cache_hits:ratio_rate5m')})`,
    },
  }),
]

export const capacity = [
  lines({
    ...SIZE,
    title: 'Queue, in seconds',
    help: 'How long a text that comes now would wait, by replica, and MAX_QUEUE_SECONDS, from which on requests are shed.',
    unit: 's',
    more: 'polarity-model',
    queries: QUEUE_SECONDS,
  }),
  lines({
    ...SIZE,
    title: 'Workers busy',
    help: 'Share of the workers’ time spent in inference. Near 100 %: add replicas or CPU.',
    unit: 'percentunit',
    max: 1,
    more: 'polarity-model',
    queries: { busy: WORKERS_BUSY },
  }),
  lines({
    ...SIZE,
    title: 'CPU throttled',
    help: 'Share of the periods of the CPU limit in which the replica had to wait; 0 without a limit. Raise the limit.',
    unit: 'percentunit',
    max: 1,
    thresholds: atMost(BOUNDS.throttled),
    more: 'polarity-service',
    queries: { [REPLICA]: THROTTLED },
  }),
  lines({
    ...SIZE,
    title: 'Who? Texts by API key',
    help: 'The ten names with most; (none) where keys are off.',
    unit: 'suffix:texts/s',
    stacked: true,
    more: 'polarity-service',
    queries: { '{{key}}': TEXTS_BY_KEY },
  }),
]
