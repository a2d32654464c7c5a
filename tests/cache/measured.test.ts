import { expect, it } from 'vitest'
import { measured } from '../../app/cache/measured.ts'
import { createMemory } from '../../app/cache/memory.ts'
import { createMetrics } from '../../app/telemetry/metrics.ts'
import { LABELS } from '../fakes.ts'

it.each([
  'polarity_cache_lookups_total{tier="memory",result="hit"} 1',
  'polarity_cache_lookups_total{tier="memory",result="miss"} 2',
  'polarity_cache_duration_seconds_count{tier="memory",operation="get"} 1',
  'polarity_cache_duration_seconds_count{tier="memory",operation="set"} 1',
])('a measured cache counts %s', async (sample) => {
  const metrics = createMetrics(LABELS)
  const cache = measured(createMemory({ maxEntries: 9, ttlSeconds: 60 }), 'memory', metrics)
  await cache.setMany(new Map([['a', '1']]))
  await cache.getMany(['a', 'b', 'c'])
  expect(await metrics.registry.metrics()).toContain(sample)
})

it('a measured cache counts lookups that failed', async () => {
  const metrics = createMetrics(LABELS)
  const down = () => Promise.reject(new Error('down'))
  const cache = measured(
    { tiers: ['redis'], getMany: down, setMany: down, close: down },
    'redis',
    metrics,
  )
  await expect(cache.getMany(['a', 'b'])).rejects.toThrow('down')
  expect(await metrics.registry.metrics()).toContain(
    'polarity_cache_lookups_total{tier="redis",result="error"} 2',
  )
})
