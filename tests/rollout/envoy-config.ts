import { outlierFields } from './outliers.ts'

const TYPES = 'type.googleapis.com/envoy'

interface Paths {
  readonly port: number
  readonly adminPort: number
  /** The file with the endpoints, which Envoy watches. */
  readonly endpoints: string
}

const loopback = (port: number) => ({
  socket_address: { address: '127.0.0.1', port_value: port },
})

/** As in kustomize/components/istio, with the host selection that Istio adds. */
const retryPolicy = (retries: number) => ({
  retry_on: 'connect-failure,refused-stream,reset-before-request,503',
  num_retries: retries,
  retry_host_predicate: [
    {
      name: 'envoy.retry_host_predicates.previous_hosts',
      typed_config: {
        '@type': `${TYPES}.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate`,
      },
    },
  ],
  host_selection_retry_max_attempts: 5,
})

const connectionManager = (retries: number) => ({
  '@type': `${TYPES}.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager`,
  stat_prefix: 'public',
  http_filters: [
    {
      name: 'envoy.filters.http.router',
      typed_config: { '@type': `${TYPES}.extensions.filters.http.router.v3.Router` },
    },
  ],
  route_config: {
    virtual_hosts: [
      {
        name: 'public',
        domains: ['*'],
        routes: [
          {
            match: { prefix: '/' },
            route: {
              cluster: 'polarity',
              timeout: '32s',
              ...(retries > 0 && { retry_policy: retryPolicy(retries) }),
            },
          },
        ],
      },
    ],
  },
})

/** The Envoy form of the mesh's DestinationRule. HTTP/1.1 to the pods, keep-alive. */
const cluster = (endpoints: string) => ({
  name: 'polarity',
  type: 'EDS',
  eds_cluster_config: { eds_config: { path_config_source: { path: endpoints } } },
  connect_timeout: '1s',
  lb_policy: 'LEAST_REQUEST',
  least_request_lb_config: {
    slow_start_config: { slow_start_window: '20s', min_weight_percent: { value: 10 } },
  },
  circuit_breakers: {
    thresholds: [{ max_pending_requests: 10_000, max_requests: 10_000, max_retries: 10_000 }],
  },
  ...outlierFields(),
})

/** One listener in front of one cluster. Without retries a request that a pod drops is lost. */
export const toConfig = ({ port, adminPort, endpoints }: Paths, retries: number) => ({
  node: { id: 'rollout', cluster: 'rollout' },
  admin: { address: loopback(adminPort) },
  static_resources: {
    listeners: [
      {
        name: 'public',
        address: loopback(port),
        filter_chains: [
          {
            filters: [
              {
                name: 'envoy.filters.network.http_connection_manager',
                typed_config: connectionManager(retries),
              },
            ],
          },
        ],
      },
    ],
    clusters: [cluster(endpoints)],
  },
})

/** The contents of the endpoints file. */
export const toEndpoints = (ports: readonly number[]) => ({
  resources: [
    {
      '@type': `${TYPES}.config.endpoint.v3.ClusterLoadAssignment`,
      cluster_name: 'polarity',
      endpoints: [
        { lb_endpoints: ports.map((port) => ({ endpoint: { address: loopback(port) } })) },
      ],
    },
  ],
})
