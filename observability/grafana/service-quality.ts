import { OBJECTIVES } from '../objectives.ts'
import { distribution, lines } from './panels.ts'
import {
  PREDICTION_ROUTES,
  PREDICTIONS,
  quantile,
  RATE,
  REPLICA,
  rate,
  recorded,
  SELF,
} from './queries.ts'
import { atMost } from './thresholds.ts'

const PREDICT = `${PREDICTIONS},${SELF}`
const answers = rate('http_request_duration_seconds_bucket', `ok="true",${PREDICT}`)
const PERCENTILE = 'namespace_job_route:http_request_duration_seconds'

export const errors = [
  lines({
    title: 'Rejected or failed, by code',
    help: 'The `code` of the error response.',
    unit: 'reqps',
    queries: { '{{code}}': `sum by (code) (${rate('polarity_rejected_total')}) > 0` },
  }),
  lines({
    title: 'Share of 5xx',
    help: 'Of POST /predict, of all replicas. Dashed: the error budget, 0.1 %.',
    unit: 'percentunit',
    thresholds: atMost(OBJECTIVES.failed),
    queries: { '5xx': `max(${recorded('namespace_job:predict_failed:ratio_rate5m')})` },
  }),
  lines({
    title: 'Shed requests, by reason',
    help: 'Answered with 429. rate_limit: a caller is over its own limit; the others: more load than the replicas can take.',
    unit: 'reqps',
    stacked: true,
    queries: {
      '{{reason}}': `sum by (reason) (${recorded('namespace_job_reason:polarity_shed_requests:rate5m')})`,
    },
  }),
]

export const latency = [
  lines({
    title: 'Latency of /predict',
    help: 'Of answers, from the request’s headers to the response. Dashed: the objective for p99. Diamonds: single requests, which link to their traces.',
    unit: 's',
    thresholds: atMost(OBJECTIVES.seconds),
    queries: {
      p50: `max(${recorded(`${PERCENTILE}:p50_rate5m`, PREDICTION_ROUTES)})`,
      p95: quantile(0.95, answers),
      p99: `max(${recorded(`${PERCENTILE}:p99_rate5m`, PREDICTION_ROUTES)})`,
    },
  }),
  lines({
    title: 'p99 by cache status',
    help: 'HIT: all texts were cache hits; PARTIAL: some; MISS: none.',
    unit: 's',
    thresholds: atMost(OBJECTIVES.seconds),
    queries: {
      '{{cache}}': `max by (cache) (${recorded('namespace_job_cache:predict_duration_seconds:p99_rate5m')})`,
    },
  }),
  lines({
    title: 'p99 by replica',
    help: 'Of answers of POST /predict. One that is slower than the others has a slow or busy machine.',
    unit: 's',
    thresholds: atMost(OBJECTIVES.seconds),
    queries: { [REPLICA]: quantile(0.99, answers, 'le, pod, instance') },
  }),
  distribution({
    title: 'Latency of /predict, distribution',
    help: 'Requests by duration; hits and misses form two bands.',
    unit: 's',
    width: 16,
    queries: {
      '{{le}}': `sum by (le) (increase(http_request_duration_seconds_bucket{${PREDICT}}[${RATE}]))`,
    },
  }),
  lines({
    title: 'p99 by route',
    help: 'A slow /health means that the event loop is blocked.',
    unit: 's',
    queries: { '{{route}}': `max by (route) (${recorded(`${PERCENTILE}:p99_rate5m`)})` },
  }),
]
