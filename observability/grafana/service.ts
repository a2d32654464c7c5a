import { type DashboardSpec, RATE, SELF } from './dashboard.ts'
import { gateway } from './gateway.ts'

const PREDICT = `route="/predict",${SELF}`
const requests = (labels: string) => `rate(http_requests_total{${labels}}[${RATE}])`
const latency = (q: number, labels: string, by = 'le') =>
  `histogram_quantile(${q}, sum by (${by}) (rate(http_request_duration_seconds_bucket{${labels}}[${RATE}])))`

/** Traffic, errors, latency and resources. */
export const service: DashboardSpec = {
  uid: 'polarity-service',
  title: 'Polarity: service',
  description: 'Traffic, errors and latency as clients see them; CPU and memory.',
  rows: {
    'At a glance': [
      {
        title: 'Requests',
        help: 'POST /predict per second.',
        unit: 'reqps',
        type: 'stat',
        queries: { requests: `sum(${requests(PREDICT)})` },
      },
      {
        title: 'Texts',
        help: 'Texts answered per second.',
        unit: 'ops',
        type: 'stat',
        queries: { texts: `sum(rate(polarity_texts_total{${SELF}}[${RATE}]))` },
      },
      {
        title: 'Availability',
        help: 'Share of POST /predict without a 5xx. Objective: 99.9 %.',
        unit: 'percentunit',
        type: 'stat',
        queries: {
          availability: `1 - (sum(${requests(`status=~"5..",${PREDICT}`)}) or vector(0)) / sum(${requests(PREDICT)})`,
        },
      },
      {
        title: 'p99',
        help: '99th percentile latency of POST /predict. Objective: 250 ms.',
        unit: 's',
        type: 'stat',
        queries: { p99: latency(0.99, PREDICT) },
      },
      {
        title: 'Cache hit rate',
        help: 'Share of texts answered without inference: cache hits and coalesced texts.',
        unit: 'percentunit',
        type: 'stat',
        queries: {
          hits: `1 - sum(rate(polarity_texts_total{source="model",${SELF}}[${RATE}])) / sum(rate(polarity_texts_total{${SELF}}[${RATE}]))`,
        },
      },
      {
        title: 'Warm workers',
        help: 'Worker threads that are ready for inference, in all replicas.',
        unit: 'short',
        type: 'stat',
        queries: { workers: `sum(polarity_workers{state=~"idle|busy",${SELF}})` },
      },
    ],
    Traffic: [
      {
        title: 'Requests by route',
        help: 'All routes, probes included.',
        unit: 'reqps',
        queries: { '{{route}}': `sum by (route) (${requests(SELF)})` },
      },
      {
        title: 'POST /predict by status',
        help: '429: load shedding or rate limit; 503: not ready; 504: deadline exceeded.',
        unit: 'reqps',
        queries: { '{{status}}': `sum by (status) (${requests(PREDICT)}) > 0` },
      },
      {
        title: 'Texts by source',
        help: 'memory and redis: cache hits; coalesced: the same text was already in flight; model: inference.',
        unit: 'ops',
        stacked: true,
        queries: {
          '{{source}}': `sum by (source) (rate(polarity_texts_total{${SELF}}[${RATE}]))`,
        },
      },
    ],
    Errors: [
      {
        title: 'Rejected or failed, by code',
        help: 'The `code` of the error response.',
        unit: 'reqps',
        queries: {
          '{{code}}': `sum by (code) (rate(polarity_rejected_total{${SELF}}[${RATE}])) > 0`,
        },
      },
      {
        title: 'Share of 5xx',
        help: 'Of POST /predict. The error budget is 0.1 %.',
        unit: 'percentunit',
        queries: {
          '5xx': `(sum(${requests(`status=~"5..",${PREDICT}`)}) or vector(0)) / sum(${requests(PREDICT)})`,
        },
      },
      {
        title: 'Share of 429',
        help: 'Load shedding (add replicas), or a caller over its rate limit.',
        unit: 'percentunit',
        queries: {
          shed: `(sum(${requests(`status="429",${PREDICT}`)}) or vector(0)) / sum(${requests(PREDICT)})`,
        },
      },
    ],
    Latency: [
      {
        title: 'Latency of /predict',
        help: 'Inside the service, from the request’s headers to the response.',
        unit: 's',
        queries: {
          p50: latency(0.5, PREDICT),
          p95: latency(0.95, PREDICT),
          p99: latency(0.99, PREDICT),
        },
      },
      {
        title: 'p99 by cache status',
        help: 'HIT: all texts were cache hits; PARTIAL: some; MISS: none.',
        unit: 's',
        queries: { '{{cache}}': latency(0.99, `cache!="",${PREDICT}`, 'le, cache') },
      },
      {
        title: 'p99 by route',
        help: 'A slow /health means that the event loop is blocked.',
        unit: 's',
        queries: { '{{route}}': latency(0.99, SELF, 'le, route') },
      },
      {
        title: 'Latency of /predict, distribution',
        help: 'Requests by duration; hits and misses form two bands.',
        unit: 's',
        type: 'heatmap',
        queries: {
          '{{le}}': `sum by (le) (increase(http_request_duration_seconds_bucket{${PREDICT}}[${RATE}]))`,
        },
      },
    ],
    Process: [
      {
        title: 'CPU',
        help: 'Cores used, by replica.',
        unit: 'cores',
        queries: {
          '{{pod}} {{instance}}': `rate(process_cpu_seconds_total{${SELF}}[${RATE}]) and on (namespace, pod, instance) polarity_model_info`,
        },
      },
      {
        title: 'Memory',
        help: 'Resident memory, including the weights of every worker.',
        unit: 'bytes',
        queries: {
          '{{pod}} {{instance}}': `process_resident_memory_bytes{${SELF}} and on (namespace, pod, instance) polarity_model_info`,
        },
      },
      {
        title: 'Event-loop lag',
        help: 'p99. Delays cache hits, probes and scrapes; above 100 ms something blocks.',
        unit: 's',
        queries: { '{{pod}} {{instance}}': `nodejs_eventloop_lag_p99_seconds{${SELF}}` },
      },
      {
        title: 'Texts by API key',
        help: 'Per second, by the name of the key; without a name where keys are off.',
        unit: 'ops',
        queries: {
          '{{key}}': `sum by (key) (rate(polarity_key_texts_total{${SELF}}[${RATE}]))`,
        },
      },
      {
        title: 'API keys not loaded',
        help: 'Per second. The key file is missing or wrong, and the last good keys stay.',
        unit: 'ops',
        queries: {
          '{{pod}} {{instance}}': `rate(polarity_api_key_reload_failures_total{${SELF}}[${RATE}])`,
        },
      },
      {
        title: 'Lost log lines',
        help: 'Per second. Standard output takes nothing: a full disk, a closed pipe, a stuck reader.',
        unit: 'ops',
        queries: {
          '{{pod}} {{instance}}': `rate(polarity_log_lines_lost_total{${SELF}}[${RATE}])`,
        },
      },
    ],
    'Gateway (Istio)': gateway,
  },
}
