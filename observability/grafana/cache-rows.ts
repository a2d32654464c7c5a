import { lines } from './panels.ts'
import { quantile, REPLICA, rate, recorded, SELF } from './queries.ts'

const lookups = (labels = SELF) => rate('polarity_cache_lookups_total', labels)
const latency = (q: number) =>
  quantile(q, rate('polarity_cache_duration_seconds_bucket'), 'le, tier, operation')
const REDIS = 'namespace=~"$namespace"'

export const tiers = [
  lines({
    title: 'Hit rate by tier',
    help: 'Hits per lookup of a distinct text, of all replicas. Redis is looked up only after a miss in memory.',
    unit: 'percentunit',
    queries: {
      '{{tier}}': `max by (tier) (${recorded('namespace_job_tier:polarity_cache_hits:ratio_rate5m')})`,
    },
  }),
  lines({
    title: 'Texts by source, share',
    help: 'Every text that is not from “model” saved an inference.',
    unit: 'percentunit',
    stacked: true,
    queries: {
      '{{source}}': `sum by (source) (${rate('polarity_texts_total')}) / scalar(sum(${rate('polarity_texts_total')}))`,
    },
  }),
  lines({
    title: 'Lookups',
    help: 'Texts per second, by tier and result. Error: the lookup failed, and was treated as a miss.',
    unit: 'suffix:texts/s',
    queries: { '{{tier}} {{result}}': `sum by (tier, result) (${lookups()})` },
  }),
]

export const trouble = [
  lines({
    title: 'Latency, p50',
    help: 'One operation covers all texts of a request.',
    unit: 's',
    queries: { '{{tier}} {{operation}}': latency(0.5) },
  }),
  lines({
    title: 'Latency, p99',
    help: 'For a Redis lookup bounded by CACHE_TIMEOUT_MS.',
    unit: 's',
    queries: { '{{tier}} {{operation}}': latency(0.99) },
  }),
  lines({
    title: 'Failed operations',
    help: 'Per second, by tier. Only sets: Redis is full or read-only.',
    unit: 'ops',
    queries: {
      '{{tier}} {{operation}}': `sum by (tier, operation) (${rate('polarity_cache_errors_total')})`,
    },
  }),
  lines({
    title: 'Circuit breaker',
    width: 6,
    help: '1: open. Redis lookups of this replica fail fast until a half-open probe succeeds.',
    unit: 'suffix:open',
    whole: true,
    queries: { [REPLICA]: `polarity_cache_breaker_open{${SELF}}` },
  }),
  lines({
    title: 'Rate limit counted alone',
    width: 6,
    help: '1: Redis fails or is slow, and this replica gives each caller the whole limit by itself.',
    unit: 'suffix:alone',
    whole: true,
    queries: { [REPLICA]: `polarity_rate_limit_local{${SELF}}` },
  }),
  lines({
    title: 'Memory tier',
    width: 6,
    help: 'Approximate size of each replica’s in-process cache; bounded by CACHE_MEMORY_BYTES.',
    unit: 'bytes',
    queries: { [REPLICA]: `polarity_cache_memory_bytes{${SELF}}` },
  }),
  lines({
    title: 'Evictions from memory',
    width: 6,
    help: 'Per second. If high, raise CACHE_MEMORY_ENTRIES or CACHE_MEMORY_BYTES.',
    unit: 'suffix:texts/s',
    queries: {
      [REPLICA]: rate('polarity_cache_memory_evictions_total'),
    },
  }),
]

export const redis = [
  lines({
    title: 'Redis up',
    help: 'As reported by redis-exporter.',
    unit: 'short',
    whole: true,
    queries: { '{{instance}}': `redis_up{${REDIS}}` },
  }),
  lines({
    title: 'Memory of Redis',
    help: 'At the maximum Redis evicts the least recently used keys.',
    unit: 'bytes',
    queries: {
      used: `redis_memory_used_bytes{${REDIS}}`,
      maximum: `redis_memory_max_bytes{${REDIS}}`,
    },
  }),
  lines({
    title: 'Evicted and expired',
    help: 'Keys per second. Evictions with a low hit rate: give Redis more memory.',
    unit: 'suffix:keys/s',
    queries: {
      evicted: rate('redis_evicted_keys_total', REDIS),
      expired: rate('redis_expired_keys_total', REDIS),
    },
  }),
  lines({
    title: 'Commands',
    help: 'Per second, from all replicas.',
    unit: 'ops',
    queries: { commands: rate('redis_commands_processed_total', REDIS) },
  }),
  lines({
    title: 'Clients',
    help: 'Connections; two per replica are normal.',
    unit: 'suffix:connections',
    whole: true,
    queries: { clients: `redis_connected_clients{${REDIS}}` },
  }),
  lines({
    title: 'Keys',
    help: 'All keys in Redis, cached predictions and others.',
    unit: 'suffix:keys',
    whole: true,
    queries: { keys: `sum(redis_db_keys{${REDIS}})` },
  }),
]
