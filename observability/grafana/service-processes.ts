import { BOUNDS } from '../objectives.ts'
import { lines } from './panels.ts'
import { REPLICA, rate, recorded, SELF } from './queries.ts'
import { named, TEXTS_BY_KEY, THROTTLED } from './shared.ts'
import { atMost } from './thresholds.ts'

/** Series that other processes have too, of Polarity's alone. */
const own = (query: string) => `${query} and on (namespace, pod, instance) polarity_model_info`

const scraped = (up: 0 | 1) => `count(up{job=~"(.+/)?polarity",${SELF}} == ${up}) or vector(0)`

export const processes = [
  lines({
    title: 'CPU',
    help: 'Cores used, by replica, and what it may use.',
    unit: 'suffix:cores',
    queries: {
      [REPLICA]: own(rate('process_cpu_seconds_total')),
      [`${REPLICA} limit`]: `polarity_cpu_limit_cores{${SELF}}`,
    },
  }),
  lines({
    title: 'CPU throttled',
    help: 'Share of the periods of the CPU limit in which the replica had to wait; 0 without a limit.',
    unit: 'percentunit',
    max: 1,
    thresholds: atMost(BOUNDS.throttled),
    queries: { [REPLICA]: THROTTLED },
  }),
  lines({
    title: 'Memory',
    help: 'Resident memory, including the weights of every worker.',
    unit: 'bytes',
    queries: { [REPLICA]: own(`process_resident_memory_bytes{${SELF}}`) },
  }),
  lines({
    title: 'Event-loop lag',
    help: 'p99. Delays cache hits, probes and scrapes; above 100 ms something blocks.',
    unit: 's',
    thresholds: atMost(BOUNDS.eventLoopLagSeconds),
    queries: { [REPLICA]: `nodejs_eventloop_lag_p99_seconds{${SELF}}` },
  }),
  lines({
    title: 'Lost log lines',
    help: 'Per second. Standard output takes nothing: a full disk, a closed pipe, a stuck reader.',
    unit: 'suffix:lines/s',
    queries: { [REPLICA]: rate('polarity_log_lines_lost_total') },
  }),
  lines({
    title: 'Replicas',
    help: 'Processes that can be scraped, and those that can’t.',
    unit: 'suffix:replicas',
    whole: true,
    stacked: true,
    queries: { up: scraped(1), down: scraped(0) },
  }),
]

export const callers = [
  lines({
    title: 'Texts by API key',
    help: 'The ten names with most; (none) where keys are off.',
    unit: 'suffix:texts/s',
    stacked: true,
    queries: { '{{key}}': TEXTS_BY_KEY },
  }),
  lines({
    title: 'Requests by API key and outcome',
    help: 'The twenty with most. shed: 429; rejected: another 4xx; failed: 5xx.',
    unit: 'reqps',
    queries: {
      '{{key}} {{outcome}}': named(
        `topk(20, sum by (key, outcome) (${recorded('namespace_job_key_outcome:polarity_key_requests:rate5m')}) > 0)`,
      ),
    },
  }),
  lines({
    title: 'API keys not loaded',
    help: 'Per second. The key file is missing or wrong, and the last good keys stay.',
    unit: 'ops',
    queries: { [REPLICA]: rate('polarity_api_key_reload_failures_total') },
  }),
]
