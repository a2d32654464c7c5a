import { type PanelSpec, RATE } from './dashboard.ts'

const ISTIO =
  'reporter="destination",destination_workload_namespace=~"$namespace",destination_workload="polarity"'

/** The service in Istio's standard metrics. */
export const gateway: readonly PanelSpec[] = [
  {
    title: 'Requests by response code',
    help: 'As seen by the sidecar. Code 0: the client disconnected.',
    unit: 'reqps',
    source: 'istio',
    queries: {
      '{{response_code}}': `sum by (response_code) (rate(istio_requests_total{${ISTIO}}[${RATE}]))`,
    },
  },
  {
    title: 'Latency at the sidecar',
    help: 'If far above the latency inside the service, the time is lost between sidecar and service.',
    unit: 'ms',
    source: 'istio',
    queries: {
      p50: `histogram_quantile(0.5, sum by (le) (rate(istio_request_duration_milliseconds_bucket{${ISTIO}}[${RATE}])))`,
      p99: `histogram_quantile(0.99, sum by (le) (rate(istio_request_duration_milliseconds_bucket{${ISTIO}}[${RATE}])))`,
    },
  },
  {
    title: 'Failures by flag',
    help: 'Why Envoy failed a request. UO: overflow, UF: no connection, URX: retries exhausted, DC: client disconnected.',
    unit: 'reqps',
    source: 'istio',
    queries: {
      '{{response_flags}}': `sum by (response_flags) (rate(istio_requests_total{response_flags!="-",${ISTIO}}[${RATE}]))`,
    },
  },
]
