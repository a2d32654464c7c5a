import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { DATASOURCE } from './panels.ts'
import { RATE, SELF } from './queries.ts'

/** Seconds since 1970 at which the processes of this model started. */
const started = `process_start_time_seconds{${SELF}} * on (namespace, pod, instance) group_left (id, digest) polarity_model_info`

const mark = (name: string, color: string, expr: string) =>
  new AnnotationQueryBuilder()
    .name(name)
    .datasource(DATASOURCE)
    .enable(true)
    .hide(false)
    .iconColor(color)
    .expr(expr)
    .titleFormat(name)

/** What has changed, drawn into every panel. */
export const annotations = () => [
  mark('New model', 'blue', `min by (id, digest) (${started}) * 1000`)
    .useValueForTime(true)
    .textFormat('{{id}} {{digest}}'),
  mark('Start', 'green', `${started} * 1000`)
    .useValueForTime(true)
    .textFormat('{{pod}} {{instance}}'),
  mark(
    'Thread replaced',
    'purple',
    `sum by (pod, instance) (increase(polarity_worker_restarts_total{${SELF}}[${RATE}])) > 0`,
  ).textFormat('{{pod}} {{instance}}'),
  mark('Circuit breaker open', 'orange', `polarity_cache_breaker_open{${SELF}} > 0`).textFormat(
    '{{pod}} {{instance}}',
  ),
  mark(
    'Alert',
    'red',
    `ALERTS{alertstate="firing",service="polarity",namespace=~"|$namespace"}`,
  ).textFormat('{{alertname}}'),
]
