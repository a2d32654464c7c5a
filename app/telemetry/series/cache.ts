import { Counter, Gauge, type Registry } from 'prom-client'
import { LATENCY_BUCKETS } from './buckets.ts'
import { KeptCounter } from './kept-counter.ts'
import { KeptHistogram } from './kept-histogram.ts'

/** Cache hits, errors, size and latency. */
export const cacheMetrics = (registers: Registry[]) => ({
  texts: new KeptCounter({
    name: 'polarity_texts_total',
    help: 'Texts answered, by source: memory or redis (cache hit), coalesced (single flight) or model.',
    labelNames: ['source'],
    registers,
  }),
  cacheLookups: new KeptCounter({
    name: 'polarity_cache_lookups_total',
    help: 'Cache lookups of distinct texts, by tier and result (hit, miss or error).',
    labelNames: ['tier', 'result'],
    registers,
  }),
  cacheErrors: new Counter({
    name: 'polarity_cache_errors_total',
    help: 'Failed cache operations, by tier and operation.',
    labelNames: ['tier', 'operation'],
    registers,
  }),
  cacheBreakerOpen: new Gauge({
    name: 'polarity_cache_breaker_open',
    help: '1 while the circuit breaker of the shared cache is open, else 0.',
    registers,
  }),
  cacheEntries: new Gauge({
    name: 'polarity_cache_memory_entries',
    help: 'Entries in the in-process cache.',
    registers,
  }),
  cacheBytes: new Gauge({
    name: 'polarity_cache_memory_bytes',
    help: 'Approximate size of the in-process cache in bytes.',
    registers,
  }),
  cacheEvictions: new Counter({
    name: 'polarity_cache_memory_evictions_total',
    help: 'Entries evicted from the in-process cache to make room.',
    registers,
  }),
  cacheSeconds: new KeptHistogram({
    name: 'polarity_cache_duration_seconds',
    help: 'Duration of a cache operation in seconds, by tier and operation.',
    labelNames: ['tier', 'operation'],
    buckets: LATENCY_BUCKETS,
    registers,
  }),
})
