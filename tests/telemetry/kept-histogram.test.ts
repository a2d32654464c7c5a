import { Histogram, Registry } from 'prom-client'
import { describe, expect, it } from 'vitest'
import { KeptHistogram } from '../../app/telemetry/series/kept-histogram.ts'

const SETTINGS = { name: 'n_seconds', help: 'n', labelNames: ['kind'] as const, buckets: [1, 2.5] }

function setup() {
  const registry = new Registry()
  const histogram = new KeptHistogram({ ...SETTINGS, registers: [registry] })
  return { registry, histogram }
}

describe('a kept histogram', () => {
  it("is written as the library's own", async () => {
    const { registry, histogram } = setup()
    const theirs = new Registry()
    const other = new Histogram({ ...SETTINGS, registers: [theirs] })
    for (const [kind, value] of [
      ['a', 0],
      ['a', 1],
      ['a', 1.5],
      ['a', 2.5],
      ['a', 99],
      ['b"', 2],
    ] as const) {
      histogram.series({ kind }).observe(value)
      other.observe({ kind }, value)
    }
    expect(await registry.metrics()).toBe(await theirs.metrics())
  })

  it('has each series from the beginning', async () => {
    const { registry, histogram } = setup()
    histogram.series({ kind: 'a' })
    expect(await registry.metrics()).toContain('n_seconds_count{kind="a"} 0\n')
  })

  it('has one series for equal labels', () => {
    const { histogram } = setup()
    expect(histogram.series({ kind: 'a' })).toBe(histogram.series({ kind: 'a' }))
  })
})
