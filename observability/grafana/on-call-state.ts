import { BURN_RATES, OBJECTIVES } from '../objectives.ts'
import { alerts, firstSteps } from './alerts.ts'
import { lines, value } from './panels.ts'
import { PREDICTION_ROUTES, PREDICTIONS, rate, recorded, SELF } from './queries.ts'
import { atLeast, atMost } from './thresholds.ts'

const HEIGHT = 6
const p = (percentile: 'p50' | 'p99') =>
  `max(${recorded(`namespace_job_route:http_request_duration_seconds:${percentile}_rate5m`, PREDICTION_ROUTES)})`

export const us = [
  alerts({ width: 8, height: HEIGHT }),
  value({
    title: 'Availability',
    help: 'Share of POST /predict without a 5xx, over five minutes. Objective: 99.9 %.',
    unit: 'percentunit',
    decimals: 2,
    width: 3,
    height: HEIGHT,
    more: 'polarity-service',
    thresholds: atLeast(OBJECTIVES.available),
    queries: {
      availability: `min(${recorded('namespace_job:predict_available:ratio_rate5m')})`,
    },
  }),
  value({
    title: 'p99',
    help: '99th percentile latency of POST /predict, over five minutes. Objective: 250 ms.',
    unit: 's',
    width: 3,
    height: HEIGHT,
    more: 'polarity-service',
    thresholds: atMost(OBJECTIVES.seconds),
    queries: { p99: p('p99') },
  }),
  value({
    title: 'Error budget left',
    help: 'Of 30 days. Below 0 % an objective is missed.',
    unit: 'percentunit',
    width: 3,
    height: HEIGHT,
    thresholds: [{ color: 'red' }, { from: 0, color: 'orange' }, { from: 0.25, color: 'green' }],
    queries: {
      availability: `min(${recorded('namespace_job:predict_availability:budget_left30d')})`,
      latency: `min(${recorded('namespace_job:predict_latency:budget_left30d')})`,
    },
  }),
  firstSteps({ width: 7, height: HEIGHT }),
]

export const since = [
  lines({
    title: 'POST /predict by status',
    help: '429: load shedding or rate limit; 503: not ready; 504: deadline exceeded.',
    unit: 'reqps',
    width: 6,
    height: 5,
    more: 'polarity-service',
    stacked: true,
    queries: {
      '{{status}}': `sum by (status) (${rate('http_requests_total', `${PREDICTIONS},${SELF}`)}) > 0`,
    },
  }),
  lines({
    title: 'Share of 5xx',
    help: 'Of POST /predict, over five minutes. Dashed: the error budget, 0.1 %.',
    unit: 'percentunit',
    width: 6,
    height: 5,
    more: 'polarity-service',
    thresholds: atMost(OBJECTIVES.failed),
    queries: { '5xx': `max(${recorded('namespace_job:predict_failed:ratio_rate5m')})` },
  }),
  lines({
    title: 'Latency of /predict',
    help: 'Of answers, over five minutes. Dashed: the objective for p99.',
    unit: 's',
    width: 6,
    height: 5,
    more: 'polarity-service',
    thresholds: atMost(OBJECTIVES.seconds),
    queries: { p50: p('p50'), p99: p('p99') },
  }),
  lines({
    title: 'Burn rate of the error budgets',
    help: 'How many times faster than evenly over 30 days, in the last hour. Dashed: a ticket, and somebody is called.',
    unit: 'suffix:×',
    width: 6,
    height: 5,
    thresholds: [
      { color: 'green' },
      { from: BURN_RATES.ticket, color: 'orange' },
      { from: BURN_RATES.page, color: 'red' },
    ],
    queries: {
      availability: `max(${recorded('namespace_job:predict_availability:burn_rate1h')})`,
      latency: `max(${recorded('namespace_job:predict_latency:burn_rate1h')})`,
    },
  }),
]
