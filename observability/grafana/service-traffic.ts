import { OBJECTIVES } from '../objectives.ts'
import { lines, value } from './panels.ts'
import { PREDICTION_ROUTES, PREDICTIONS, rate, recorded, SELF } from './queries.ts'
import { atLeast, atMost } from './thresholds.ts'

export const glance = [
  value({
    title: 'Requests',
    help: 'POST /predict per second, of all replicas.',
    unit: 'reqps',
    queries: { requests: `sum(${recorded('namespace_job:predict_requests:rate5m')})` },
  }),
  value({
    title: 'Texts',
    help: 'Texts answered per second.',
    unit: 'suffix:texts/s',
    queries: { texts: `sum(${rate('polarity_texts_total')})` },
  }),
  value({
    title: 'Availability',
    help: 'Share of POST /predict without a 5xx, of all replicas. Objective: 99.9 %.',
    unit: 'percentunit',
    decimals: 2,
    thresholds: atLeast(OBJECTIVES.available),
    queries: {
      availability: `min(${recorded('namespace_job:predict_available:ratio_rate5m')})`,
    },
  }),
  value({
    title: 'p99',
    help: '99th percentile latency of POST /predict, of all replicas. Objective: 250 ms.',
    unit: 's',
    thresholds: atMost(OBJECTIVES.seconds),
    queries: {
      p99: `max(${recorded('namespace_job_route:http_request_duration_seconds:p99_rate5m', PREDICTION_ROUTES)})`,
    },
  }),
  value({
    title: 'Cache hit rate',
    help: 'Share of texts that were in memory or in Redis, of all replicas.',
    unit: 'percentunit',
    queries: {
      hits: `min(${recorded('namespace_job:polarity_texts_remembered:ratio_rate5m')})`,
    },
  }),
  value({
    title: 'Warm workers',
    help: 'Worker threads that are ready for inference, in all replicas.',
    unit: 'short',
    queries: { workers: `sum(polarity_workers{state=~"idle|busy",${SELF}})` },
  }),
]

export const traffic = [
  lines({
    title: 'Requests by route',
    help: 'All routes, probes included, of all replicas.',
    unit: 'reqps',
    queries: {
      '{{route}}': `sum by (route) (${recorded('namespace_job_route:http_requests:rate5m')})`,
    },
  }),
  lines({
    title: 'Answers by dialect',
    help: 'Requests answered with predictions: native, tei (Hugging Face too), v1 (KServe), v2 (Open Inference Protocol).',
    unit: 'reqps',
    stacked: true,
    queries: { '{{dialect}}': `sum by (dialect) (${rate('polarity_answers_total')})` },
  }),
  lines({
    title: 'POST /predict by status',
    help: '429: load shedding or rate limit; 503: not ready; 504: deadline exceeded.',
    unit: 'reqps',
    stacked: true,
    queries: {
      '{{status}}': `sum by (status) (${rate('http_requests_total', `${PREDICTIONS},${SELF}`)}) > 0`,
    },
  }),
  lines({
    title: 'Texts by source',
    help: 'memory and redis: cache hits; coalesced: the same text was already in flight; model: inference.',
    unit: 'suffix:texts/s',
    stacked: true,
    queries: { '{{source}}': `sum by (source) (${rate('polarity_texts_total')})` },
  }),
]
