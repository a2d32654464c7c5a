import { expect, it } from 'vitest'
import { createMetrics } from '../../app/telemetry/metrics.ts'
import { LABELS } from '../fakes.ts'

it('every metric of the service has its series before anything happens', async () => {
  const metrics = await createMetrics(LABELS).registry.getMetricsAsJSON()
  // Those are labelled by the model and the machine, which are not known yet.
  const own = metrics.filter(({ name }) => name.startsWith('polarity_') && !name.endsWith('_info'))
  expect(own.length).toBeGreaterThan(10)
  expect(own.filter(({ values }) => values.length === 0).map(({ name }) => name)).toEqual([])
})
