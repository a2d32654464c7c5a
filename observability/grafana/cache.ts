import { type DashboardSpec, RATE, SELF } from './dashboard.ts'

const rate = (series: string, labels = SELF) => `rate(${series}{${labels}}[${RATE}])`
const lookups = (labels = SELF) => rate('polarity_cache_lookups_total', labels)
const latency = (q: number) =>
  `histogram_quantile(${q}, sum by (le, tier, operation) (${rate('polarity_cache_duration_seconds_bucket')}))`
const REDIS = 'namespace=~"$namespace"'

/** Hit rates, latency and errors of the cache, and the health of Redis. */
export const cache: DashboardSpec = {
  uid: 'polarity-cache',
  title: 'Polarity: cache and Redis',
  description: 'Hit rate by tier, latency and errors of lookups, and the health of Redis.',
  rows: {
    Hits: [
      {
        title: 'Hit rate by tier',
        help: 'Hits per lookup of a distinct text. Redis is looked up only after a miss in memory.',
        unit: 'percentunit',
        queries: {
          '{{tier}}': `sum by (tier) (${lookups(`result="hit",${SELF}`)}) / sum by (tier) (${lookups()})`,
        },
      },
      {
        title: 'Texts by source, share',
        help: 'Every text that is not from “model” saved an inference.',
        unit: 'percentunit',
        stacked: true,
        queries: {
          '{{source}}': `sum by (source) (${rate('polarity_texts_total')}) / scalar(sum(${rate('polarity_texts_total')}))`,
        },
      },
      {
        title: 'Lookups',
        help: 'Texts per second, by tier and result. Error: the lookup failed, and was treated as a miss.',
        unit: 'ops',
        queries: { '{{tier}} {{result}}': `sum by (tier, result) (${lookups()})` },
      },
    ],
    'Latency and errors': [
      {
        title: 'Latency, p50',
        help: 'One operation covers all texts of a request.',
        unit: 's',
        queries: { '{{tier}} {{operation}}': latency(0.5) },
      },
      {
        title: 'Latency, p99',
        help: 'For a Redis lookup bounded by CACHE_TIMEOUT_MS.',
        unit: 's',
        queries: { '{{tier}} {{operation}}': latency(0.99) },
      },
      {
        title: 'Failed operations',
        help: 'Per second, by tier. Only sets: Redis is full or read-only.',
        unit: 'ops',
        queries: {
          '{{tier}} {{operation}}': `sum by (tier, operation) (${rate('polarity_cache_errors_total')})`,
        },
      },
      {
        title: 'Circuit breaker',
        help: '1: open. Redis lookups of this replica fail fast until a half-open probe succeeds.',
        unit: 'short',
        queries: { '{{pod}} {{instance}}': `polarity_cache_breaker_open{${SELF}}` },
      },
      {
        title: 'Rate limit counted alone',
        help: '1: Redis fails or is slow, and this replica gives each caller the whole limit by itself.',
        unit: 'short',
        queries: { '{{pod}} {{instance}}': `polarity_rate_limit_local{${SELF}}` },
      },
      {
        title: 'Memory tier',
        help: 'Approximate size of each replica’s in-process cache; bounded by CACHE_MEMORY_BYTES.',
        unit: 'bytes',
        queries: { '{{pod}} {{instance}}': `polarity_cache_memory_bytes{${SELF}}` },
      },
      {
        title: 'Evictions from memory',
        help: 'Per second. If high, raise CACHE_MEMORY_ENTRIES or CACHE_MEMORY_BYTES.',
        unit: 'ops',
        queries: {
          '{{pod}} {{instance}}': rate('polarity_cache_memory_evictions_total'),
        },
      },
    ],
    Redis: [
      {
        title: 'Redis up',
        help: 'As reported by redis-exporter.',
        unit: 'short',
        source: 'redis-exporter',
        queries: { '{{instance}}': `redis_up{${REDIS}}` },
      },
      {
        title: 'Memory of Redis',
        help: 'At the maximum Redis evicts the least recently used keys.',
        unit: 'bytes',
        source: 'redis-exporter',
        queries: {
          used: `redis_memory_used_bytes{${REDIS}}`,
          maximum: `redis_memory_max_bytes{${REDIS}}`,
        },
      },
      {
        title: 'Evicted and expired',
        help: 'Keys per second. Evictions with a low hit rate: give Redis more memory.',
        unit: 'ops',
        source: 'redis-exporter',
        queries: {
          evicted: rate('redis_evicted_keys_total', REDIS),
          expired: rate('redis_expired_keys_total', REDIS),
        },
      },
      {
        title: 'Commands',
        help: 'Per second, from all replicas.',
        unit: 'ops',
        source: 'redis-exporter',
        queries: { commands: rate('redis_commands_processed_total', REDIS) },
      },
      {
        title: 'Clients',
        help: 'Connections; two per replica are normal.',
        unit: 'short',
        source: 'redis-exporter',
        queries: { clients: `redis_connected_clients{${REDIS}}` },
      },
      {
        title: 'Keys',
        help: 'All keys in Redis, cached predictions and others.',
        unit: 'short',
        source: 'redis-exporter',
        queries: { keys: `sum(redis_db_keys{${REDIS}})` },
      },
    ],
  },
}
