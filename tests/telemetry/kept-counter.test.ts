import { Registry } from 'prom-client'
import { expect, it } from 'vitest'
import { KeptCounter } from '../../app/telemetry/series/kept-counter.ts'

function setup() {
  const registry = new Registry()
  const labelNames = ['kind'] as const
  const counter = new KeptCounter({ name: 'n_total', help: 'n', labelNames, registers: [registry] })
  return { counter, scrape: () => registry.metrics() }
}

it('a kept series is there from the beginning', async () => {
  const { counter, scrape } = setup()
  counter.series({ kind: 'a' })
  expect(await scrape()).toContain('n_total{kind="a"} 0\n')
})

it('a kept series has its sum at every scrape', async () => {
  const { counter, scrape } = setup()
  const series = counter.series({ kind: 'a' })
  series.inc()
  series.inc(2)
  expect(await scrape()).toContain('n_total{kind="a"} 3\n')
  series.inc()
  expect(await scrape()).toContain('n_total{kind="a"} 4\n')
})

it('a series that is kept twice is counted once for each', async () => {
  const { counter, scrape } = setup()
  counter.series({ kind: 'a' }).inc()
  counter.series({ kind: 'a' }).inc()
  counter.inc({ kind: 'a' })
  expect(await scrape()).toContain('n_total{kind="a"} 3\n')
})
