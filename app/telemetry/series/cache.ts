import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import { LATENCY_BUCKETS } from './buckets.ts'

/** What is remembered, and what it costs to look. */
export const cacheMetrics = (registers: Registry[]) => ({
  texts: new Counter({
    name: 'polarity_texts_total',
    help: 'Texts answered, by where the answer came from.',
    labelNames: ['source'],
    registers,
  }),
  cacheLookups: new Counter({
    name: 'polarity_cache_lookups_total',
    help: 'Distinct texts looked up, by cache tier and result.',
    labelNames: ['tier', 'result'],
    registers,
  }),
  cacheErrors: new Counter({
    name: 'polarity_cache_errors_total',
    help: 'Cache operations that failed, by tier.',
    labelNames: ['tier', 'operation'],
    registers,
  }),
  cacheBreakerOpen: new Gauge({
    name: 'polarity_cache_breaker_open',
    help: '1 while the shared cache fails and is not asked, else 0.',
    registers,
  }),
  cacheEntries: new Gauge({
    name: 'polarity_cache_memory_entries',
    help: 'Answers in the memory of this process.',
    registers,
  }),
  cacheBytes: new Gauge({
    name: 'polarity_cache_memory_bytes',
    help: 'What they take, about.',
    registers,
  }),
  cacheEvictions: new Counter({
    name: 'polarity_cache_memory_evictions_total',
    help: 'Answers that had to leave the memory of this process for others.',
    registers,
  }),
  cacheSeconds: new Histogram({
    name: 'polarity_cache_duration_seconds',
    help: 'Time of one cache operation, by tier.',
    labelNames: ['tier', 'operation'],
    buckets: LATENCY_BUCKETS,
    registers,
  }),
})
