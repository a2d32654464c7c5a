import { Gauge, type Registry } from 'prom-client'

/** How the rate limit is counted. */
export const rateLimitMetrics = (registers: Registry[]) => ({
  rateLimitLocal: new Gauge({
    name: 'polarity_rate_limit_local',
    help: '1 while the process counts the shared rate limit by itself, as Redis fails or is slow, else 0.',
    registers,
  }),
})
