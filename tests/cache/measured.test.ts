import { expect, it } from 'vitest'
import { measured } from '../../app/cache/measured.ts'
import { createMetrics } from '../../app/telemetry/metrics.ts'
import { fakeCache, LABELS } from '../fakes.ts'
import { rejection } from '../rejection.ts'

it.each([
  'polarity_cache_lookups_total{tier="memory",result="hit"} 1',
  'polarity_cache_lookups_total{tier="memory",result="miss"} 2',
  'polarity_cache_duration_seconds_count{tier="memory",operation="get"} 1',
  'polarity_cache_duration_seconds_count{tier="memory",operation="set"} 1',
])('a measured cache counts %s', async (sample) => {
  const metrics = createMetrics(LABELS)
  const cache = measured(fakeCache<string>('memory').cache, metrics)
  await cache.setMany(new Map([['a', '1']]))
  await cache.getMany(['a', 'b', 'c'])
  expect(await metrics.registry.metrics()).toContain(`${sample}\n`)
})

it.each([
  'polarity_cache_lookups_total{tier="redis",result="error"} 2',
  'polarity_cache_errors_total{tier="redis",operation="get"} 1',
  'polarity_cache_errors_total{tier="redis",operation="set"} 1',
])('a measured cache that fails counts %s', async (sample) => {
  const metrics = createMetrics(LABELS)
  const fake = fakeCache<string>('redis')
  fake.fail(new Error('down'))
  const cache = measured(fake.cache, metrics)
  expect(String(await rejection(cache.getMany(['a', 'b'])))).toContain('down')
  expect(String(await rejection(cache.setMany(new Map([['a', '1']]))))).toContain('down')
  expect(await metrics.registry.metrics()).toContain(`${sample}\n`)
})
