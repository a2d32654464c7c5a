import { expect, it } from 'vitest'
import { AppError, SHED_REASONS } from '../../app/errors.ts'
import { createMetrics } from '../../app/telemetry/metrics.ts'
import { answerTo, createTestApp, LABELS, post } from '../fakes.ts'
import { recordedLog } from '../recorded-log.ts'

it.each(SHED_REASONS)(
  'a request that is shed because of %s is counted, and logged with it',
  async (shed) => {
    const metrics = createMetrics(LABELS)
    const { log, lines } = recordedLog()
    const code = shed === 'rate_limit' ? 'rate_limited' : 'overloaded'
    const classify = () => Promise.reject(new AppError(code, 'Too many.', { shed }))
    const { status } = await post(createTestApp({ metrics, log, classify }), '{"text":["a"]}')
    expect(status).toBe(429)
    const scrape = await metrics.registry.metrics()
    expect(scrape).toContain(`\npolarity_shed_requests_total{reason="${shed}"} 1\n`)
    expect(lines).toMatchObject([{ event: 'request', code, shed }])
  },
)

it('each request is counted by its key and its outcome', async () => {
  const metrics = createMetrics(LABELS)
  const classify = async (texts: readonly string[]) => {
    if (texts.includes('bug')) throw new Error('the reason')
    if (texts.includes('late')) throw new AppError('overloaded', 'Too many.', { shed: 'deadline' })
    return texts.map(answerTo)
  }
  const app = createTestApp({ metrics, classify })
  for (const text of ['a', 'b', 'late', 'bug']) await post(app, `{"text":["${text}"]}`)
  await post(app, '{')
  await app.request('/health')
  await app.request('/predict')
  const scrape = await metrics.registry.metrics()
  const counts = ['answered', 'shed', 'rejected', 'failed'].map((outcome) => {
    const [, count] = new RegExp(`\\{key="",outcome="${outcome}"\\} (\\d+)`).exec(scrape) ?? []
    return Number(count)
  })
  expect(counts).toEqual([2, 1, 1, 1])
})
