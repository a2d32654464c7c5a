import { type DashboardSpec, RATE, SELF } from './dashboard.ts'
import { gateway } from './gateway.ts'

const PREDICT = `route="/predict",${SELF}`
const requests = (labels: string) => `rate(http_requests_total{${labels}}[${RATE}])`
const latency = (q: number, labels: string, by = 'le') =>
  `histogram_quantile(${q}, sum by (${by}) (rate(http_request_duration_seconds_bucket{${labels}}[${RATE}])))`

/** Is it well, how busy is it, and how long do its callers wait? */
export const service: DashboardSpec = {
  uid: 'polarity-service',
  title: 'Polarity: service',
  description: 'Traffic, errors and latency, as callers see them.',
  rows: {
    'At a glance': [
      {
        title: 'Requests',
        help: 'Calls of /predict a second.',
        unit: 'reqps',
        type: 'stat',
        queries: { requests: `sum(${requests(PREDICT)})` },
      },
      {
        title: 'Texts',
        help: 'Texts answered a second.',
        unit: 'ops',
        type: 'stat',
        queries: { texts: `sum(rate(polarity_texts_total{${SELF}}[${RATE}]))` },
      },
      {
        title: 'Availability',
        help: 'Share of calls of /predict that did not end in a 5xx. Goal: 99.9 %.',
        unit: 'percentunit',
        type: 'stat',
        queries: {
          availability: `1 - (sum(${requests(`status=~"5..",${PREDICT}`)}) or vector(0)) / sum(${requests(PREDICT)})`,
        },
      },
      {
        title: 'p99',
        help: 'All but one in a hundred calls of /predict are answered within this. Goal: 250 ms.',
        unit: 's',
        type: 'stat',
        queries: { p99: latency(0.99, PREDICT) },
      },
      {
        title: 'Remembered',
        help: 'Share of texts answered without the model.',
        unit: 'percentunit',
        type: 'stat',
        queries: {
          remembered: `1 - sum(rate(polarity_texts_total{source="model",${SELF}}[${RATE}])) / sum(rate(polarity_texts_total{${SELF}}[${RATE}]))`,
        },
      },
      {
        title: 'Warm workers',
        help: 'Threads that can run the model now, in all replicas.',
        unit: 'short',
        type: 'stat',
        queries: { workers: `sum(polarity_workers{state=~"idle|busy",${SELF}})` },
      },
    ],
    Traffic: [
      {
        title: 'Requests by route',
        help: 'Every route, probes too.',
        unit: 'reqps',
        queries: { '{{route}}': `sum by (route) (${requests(SELF)})` },
      },
      {
        title: 'Calls of /predict by status',
        help: '429: refused for load or rate; 503: not ready; 504: too late.',
        unit: 'reqps',
        queries: { '{{status}}': `sum by (status) (${requests(PREDICT)}) > 0` },
      },
      {
        title: 'Texts by source',
        help: 'Where the answers came from. Coalesced: another request was already waiting for the same text.',
        unit: 'ops',
        stacked: true,
        queries: {
          '{{source}}': `sum by (source) (rate(polarity_texts_total{${SELF}}[${RATE}]))`,
        },
      },
    ],
    Errors: [
      {
        title: 'Refused or failed, by code',
        help: 'The code of the error body; README lists what each means.',
        unit: 'reqps',
        queries: {
          '{{code}}': `sum by (code) (rate(polarity_rejected_total{${SELF}}[${RATE}])) > 0`,
        },
      },
      {
        title: 'Share of 5xx',
        help: 'Of calls of /predict. The error budget is 0.1 %.',
        unit: 'percentunit',
        queries: {
          '5xx': `(sum(${requests(`status=~"5..",${PREDICT}`)}) or vector(0)) / sum(${requests(PREDICT)})`,
        },
      },
      {
        title: 'Share shed',
        help: 'Calls of /predict answered 429: more replicas are wanted, or a caller is over its rate.',
        unit: 'percentunit',
        queries: {
          shed: `(sum(${requests(`status="429",${PREDICT}`)}) or vector(0)) / sum(${requests(PREDICT)})`,
        },
      },
    ],
    Latency: [
      {
        title: 'Latency of /predict',
        help: 'From the first byte of the request to the whole answer, inside the service.',
        unit: 's',
        queries: {
          p50: latency(0.5, PREDICT),
          p95: latency(0.95, PREDICT),
          p99: latency(0.99, PREDICT),
        },
      },
      {
        title: 'p99 by hit and miss',
        help: 'HIT: all texts were remembered; PARTIAL: some; MISS: none.',
        unit: 's',
        queries: { '{{cache}}': latency(0.99, `cache!="",${PREDICT}`, 'le, cache') },
      },
      {
        title: 'p99 by route',
        help: 'A slow /health means that the event loop is held up.',
        unit: 's',
        queries: { '{{route}}': latency(0.99, SELF, 'le, route') },
      },
      {
        title: 'Latency of /predict, all of it',
        help: 'How many calls took how long: two bands are hits and misses.',
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
        help: 'Cores in use by each replica.',
        unit: 'cores',
        queries: {
          '{{pod}} {{instance}}': `rate(process_cpu_seconds_total{${SELF}}[${RATE}]) and on (namespace, pod, instance) polarity_model_info`,
        },
      },
      {
        title: 'Memory',
        help: 'Resident, weights of every worker included.',
        unit: 'bytes',
        queries: {
          '{{pod}} {{instance}}': `process_resident_memory_bytes{${SELF}} and on (namespace, pod, instance) polarity_model_info`,
        },
      },
      {
        title: 'Event-loop lag',
        help: 'How long hits, probes and metrics wait at worst: over 100 ms something blocks.',
        unit: 's',
        queries: { '{{pod}} {{instance}}': `nodejs_eventloop_lag_p99_seconds{${SELF}}` },
      },
    ],
    'Gateway (Istio)': gateway,
  },
}
