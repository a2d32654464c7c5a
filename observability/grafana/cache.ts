import { redis, tiers, trouble } from './cache-rows.ts'
import { dashboard, row } from './dashboard.ts'

/** Hit rates, latency and errors of the cache, and the health of Redis. */
export const cache = dashboard({
  uid: 'polarity-cache',
  title: 'Polarity: cache and Redis',
  description: 'Hit rate by tier, latency and errors of lookups, and the health of Redis.',
  rows: [
    row('Hits', tiers),
    row('Latency and errors', trouble),
    row('Redis (with redis-exporter)', redis),
  ],
})
