import { lines } from './panels.ts'
import { quantile, rate } from './queries.ts'

const ISTIO =
  'reporter="destination",destination_workload_namespace=~"$namespace",destination_workload="polarity"'
const durations = rate('istio_request_duration_milliseconds_bucket', ISTIO)

/** The service in Istio's standard metrics. */
export const gateway = [
  lines({
    title: 'Requests by response code',
    help: 'As seen by the sidecar. Code 0: the client disconnected.',
    unit: 'reqps',
    queries: {
      '{{response_code}}': `sum by (response_code) (${rate('istio_requests_total', ISTIO)})`,
    },
  }),
  lines({
    title: 'Latency at the sidecar',
    help: 'If far above the latency inside the service, the time is lost between sidecar and service.',
    unit: 'ms',
    queries: { p50: quantile(0.5, durations), p99: quantile(0.99, durations) },
  }),
  lines({
    title: 'Failures by flag',
    help: 'Why Envoy failed a request. UO: overflow, UF: no connection, URX: retries exhausted, DC: client disconnected.',
    unit: 'reqps',
    queries: {
      '{{response_flags}}': `sum by (response_flags) (${rate('istio_requests_total', `response_flags!="-",${ISTIO}`)})`,
    },
  }),
]
