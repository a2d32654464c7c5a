import { type PanelSpec, RATE } from './dashboard.ts'

const ISTIO =
  'reporter="destination",destination_workload_namespace=~"$namespace",destination_workload="polarity"'

/** What Istio's standard metrics say of the service. */
export const gateway: readonly PanelSpec[] = [
  {
    title: 'Requests by response code',
    help: 'As the sidecar saw them; code 0: the caller left.',
    unit: 'reqps',
    source: 'istio',
    queries: {
      '{{response_code}}': `sum by (response_code) (rate(istio_requests_total{${ISTIO}}[${RATE}]))`,
    },
  },
  {
    title: 'Latency at the sidecar',
    help: 'Far above the latency inside the service: the time is lost between them.',
    unit: 'ms',
    source: 'istio',
    queries: {
      p50: `histogram_quantile(0.5, sum by (le) (rate(istio_request_duration_milliseconds_bucket{${ISTIO}}[${RATE}])))`,
      p99: `histogram_quantile(0.99, sum by (le) (rate(istio_request_duration_milliseconds_bucket{${ISTIO}}[${RATE}])))`,
    },
  },
  {
    title: 'Failures by flag',
    help: 'Why Envoy itself failed a request: UO overflow, UF no connection, URX retries spent, DC caller left.',
    unit: 'reqps',
    source: 'istio',
    queries: {
      '{{response_flags}}': `sum by (response_flags) (rate(istio_requests_total{response_flags!="-",${ISTIO}}[${RATE}]))`,
    },
  },
]
