import { describe, expect, it } from 'vitest'
import { createMetrics } from '../../app/telemetry/metrics.ts'
import { scrape } from '../../app/telemetry/scrape.ts'
import { observeStage } from '../../app/telemetry/stage.ts'
import { createTestApp, LABELS, post } from '../fakes.ts'
import { hasPrometheus, promtool } from './promtool.ts'

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c'

/** Metrics of an app after one request. */
async function setup() {
  const metrics = createMetrics(LABELS)
  await post(createTestApp({ metrics }), '{"text":["a"]}')
  const trace = { exemplar: { trace_id: TRACE_ID }, add: () => undefined }
  observeStage(metrics, { stage: 'queue', ms: 3, trace })
  return metrics.registry
}

describe('a scrape', () => {
  it.skipIf(!hasPrometheus)('passes promtool’s checks', async () => {
    const { body } = await scrape(await setup())
    expect(promtool(['check', 'metrics'], body)).toBe('')
  })

  it('has exemplars where OpenMetrics is asked for', async () => {
    const { body, contentType } = await scrape(await setup(), 'application/openmetrics-text')
    expect(contentType).toMatch(/^application\/openmetrics-text/)
    expect(body).toContain(`# {trace_id="${TRACE_ID}"} 0.003`)
    expect(body.endsWith('# EOF\n')).toBe(true)
  })

  it('has the same counters in both formats, whichever was asked for first', async () => {
    const registry = await setup()
    const counters = async (accept?: string) =>
      (await scrape(registry, accept)).body.split('\n').filter((line) => /^\w+_total\{/.test(line))
    const open = await counters('application/openmetrics-text')
    expect(open.length).toBeGreaterThan(10)
    expect(open).toEqual(await counters())
  })
})
