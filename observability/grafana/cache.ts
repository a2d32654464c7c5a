import { type DashboardSpec, RATE, SELF } from './dashboard.ts'

const rate = (series: string, labels = SELF) => `rate(${series}{${labels}}[${RATE}])`
const lookups = (labels = SELF) => rate('polarity_cache_lookups_total', labels)
const latency = (q: number) =>
  `histogram_quantile(${q}, sum by (le, tier, operation) (${rate('polarity_cache_duration_seconds_bucket')}))`
const REDIS = 'namespace=~"$namespace"'

/** How much work does the cache save, and is Redis well? */
export const cache: DashboardSpec = {
  uid: 'polarity-cache',
  title: 'Polarity: cache and Redis',
  description: 'Hits by tier, what a lookup costs, and the state of Redis.',
  rows: {
    Hits: [
      {
        title: 'Hit rate by tier',
        help: 'Of the distinct texts that each tier was asked for; Redis is asked only for what memory lacks.',
        unit: 'percentunit',
        queries: {
          '{{tier}}': `sum by (tier) (${lookups(`result="hit",${SELF}`)}) / sum by (tier) (${lookups()})`,
        },
      },
      {
        title: 'Answers by source',
        help: 'Share of all texts: what is not “model” was saved.',
        unit: 'percentunit',
        stacked: true,
        queries: {
          '{{source}}': `sum by (source) (${rate('polarity_texts_total')}) / scalar(sum(${rate('polarity_texts_total')}))`,
        },
      },
      {
        title: 'Lookups',
        help: 'Texts a second, by tier and result. Error: the tier did not answer, and the service went on without.',
        unit: 'ops',
        queries: { '{{tier}} {{result}}': `sum by (tier, result) (${lookups()})` },
      },
    ],
    'Cost and faults': [
      {
        title: 'Latency, p50',
        help: 'Of one operation for all texts of a request.',
        unit: 's',
        queries: { '{{tier}} {{operation}}': latency(0.5) },
      },
      {
        title: 'Latency, p99',
        help: 'Never above CACHE_TIMEOUT_MS for a lookup in Redis.',
        unit: 's',
        queries: { '{{tier}} {{operation}}': latency(0.99) },
      },
      {
        title: 'Failed operations',
        help: 'A second, by tier. Sets alone: Redis is full or a replica.',
        unit: 'ops',
        queries: {
          '{{tier}} {{operation}}': `sum by (tier, operation) (${rate('polarity_cache_errors_total')})`,
        },
      },
      {
        title: 'Breaker',
        help: '1: Redis fails, and this replica does not wait for it.',
        unit: 'short',
        queries: { '{{pod}} {{instance}}': `polarity_cache_breaker_open{${SELF}}` },
      },
      {
        title: 'Memory tier',
        help: 'Bytes of each replica’s own tier, about; bounded by CACHE_MEMORY_BYTES.',
        unit: 'bytes',
        queries: { '{{pod}} {{instance}}': `polarity_cache_memory_bytes{${SELF}}` },
      },
      {
        title: 'Evictions from memory',
        help: 'Answers a second that had to leave for others: more entries or bytes would save work.',
        unit: 'ops',
        queries: {
          '{{pod}} {{instance}}': rate('polarity_cache_memory_evictions_total'),
        },
      },
    ],
    Redis: [
      {
        title: 'Redis up',
        help: 'As redis-exporter sees it.',
        unit: 'short',
        source: 'redis-exporter',
        queries: { '{{instance}}': `redis_up{${REDIS}}` },
      },
      {
        title: 'Memory of Redis',
        help: 'At its maximum it evicts the least recently used.',
        unit: 'bytes',
        source: 'redis-exporter',
        queries: {
          used: `redis_memory_used_bytes{${REDIS}}`,
          maximum: `redis_memory_max_bytes{${REDIS}}`,
        },
      },
      {
        title: 'Evicted and expired',
        help: 'Keys a second. Evictions at a low hit rate: give Redis more memory.',
        unit: 'ops',
        source: 'redis-exporter',
        queries: {
          evicted: rate('redis_evicted_keys_total', REDIS),
          expired: rate('redis_expired_keys_total', REDIS),
        },
      },
      {
        title: 'Commands',
        help: 'A second, from all replicas.',
        unit: 'ops',
        source: 'redis-exporter',
        queries: { commands: rate('redis_commands_processed_total', REDIS) },
      },
      {
        title: 'Clients',
        help: 'Connections: two for each replica are usual.',
        unit: 'short',
        source: 'redis-exporter',
        queries: { clients: `redis_connected_clients{${REDIS}}` },
      },
      {
        title: 'Keys',
        help: 'Answers that all replicas share, and whatever else lives there.',
        unit: 'short',
        source: 'redis-exporter',
        queries: { keys: `sum(redis_db_keys{${REDIS}})` },
      },
    ],
  },
}
