import { dashboard, row } from './dashboard.ts'
import { gateway } from './gateway.ts'
import { callers, processes } from './service-processes.ts'
import { errors, latency } from './service-quality.ts'
import { glance, traffic } from './service-traffic.ts'
import { streams } from './streams.ts'

/** Traffic, errors, latency and resources. */
export const service = dashboard({
  uid: 'polarity-service',
  title: 'Polarity: service',
  description: 'Traffic, errors and latency as clients see them; callers, CPU and memory.',
  rows: [
    row('At a glance', glance),
    row('Traffic', traffic),
    row('Errors', errors),
    row('Streams', streams),
    row('Latency', latency),
    row('Processes', processes),
    row('Callers', callers),
    row('Gateway (only with Istio)', gateway, { folded: true }),
  ],
})
