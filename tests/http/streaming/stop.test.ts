import { describe, expect, it } from 'vitest'
import type { Classify } from '../../../app/classifier/classify.ts'
import { rateLimited } from '../../../app/classifier/rate-limited.ts'
import { createMetrics } from '../../../app/telemetry/metrics.ts'
import { LocalBuckets } from '../../../app/token-bucket.ts'
import { answerTo, createTestApp, fakeClassify, healthIn, LABELS, settled } from '../../fakes.ts'
import { busy, endlessBody, heldClassify, metricOf, until } from './flow.ts'
import { ask, openBody, parse, send } from './stream.ts'

describe('a stream', () => {
  it('waits where the wait is short', async () => {
    let refusals = 3
    const classify: Classify = async (texts) => {
      if (refusals-- > 0) throw busy('0.01')
      return texts.map(answerTo)
    }
    const { summary } = await ask(createTestApp({ classify }), '"a"\n"b"\n')
    expect(summary).toMatchObject({ rows: 2, complete: true })
  })

  it('goes on at the pace of the rate limit', async () => {
    const limit = { textsPerMinute: 6000, missCost: 1, buckets: new LocalBuckets(6000) }
    const classify = rateLimited(fakeClassify().classify, limit)
    const { summary } = await ask(createTestApp({ classify }), '"a"\n'.repeat(6100))
    expect(summary).toMatchObject({ rows: 6100, errors: 0, complete: true })
  })

  it('goes on where the rate limit has no room for all rows that are asked for together', async () => {
    const limit = { textsPerMinute: 50, missCost: 1, buckets: new LocalBuckets(50, () => 0) }
    const classify = rateLimited(fakeClassify().classify, limit)
    const app = createTestApp({ classify }, { REQUEST_TIMEOUT_SECONDS: '0.3' })
    const { rows, summary } = await ask(app, '"a"\n'.repeat(64))
    expect(rows).toHaveLength(50)
    expect(summary).toMatchObject({ next: { line: 51 }, error: { code: 'rate_limited' } })
  })

  it('ends with where to go on where the wait is long', async () => {
    let questions = 0
    const classify: Classify = async (texts) => {
      if (questions++ > 0) throw busy('31')
      return texts.map(answerTo)
    }
    const { rows, summary } = await ask(createTestApp({ classify }), '"a"\n'.repeat(100))
    expect(rows).toHaveLength(64)
    expect(summary).toMatchObject({
      rows: 64,
      complete: false,
      next: { line: 65, byte: 256 },
      error: { code: 'overloaded', message: 'Too much.' },
      retry_after: 31,
    })
  })

  it('is an ordinary error where that is before its first row', async () => {
    const classify: Classify = async () => {
      throw busy('31')
    }
    const response = await send(createTestApp({ classify }), '"a"\n')
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '31'])
  })

  it('whose next row does not come ends with where to go on', async () => {
    const { body, write } = openBody()
    write('"a"\n"b"\n"c')
    const app = createTestApp({}, { BODY_TIMEOUT_SECONDS: '0.3' })
    const { rows, summary } = await ask(app, body)
    expect(rows).toHaveLength(2)
    expect(summary).toMatchObject({
      next: { line: 3, byte: 8 },
      error: { code: 'request_timeout' },
      retry_after: 0,
    })
  })

  it('whose first row does not come is an ordinary error', async () => {
    const { body, write } = openBody()
    write('"never a new')
    const response = await send(createTestApp({}, { BODY_TIMEOUT_SECONDS: '0.3' }), body)
    expect(response.status).toBe(408)
  })

  it('whose client does not read is ended', async () => {
    const { body } = endlessBody()
    const metrics = createMetrics(LABELS)
    const app = createTestApp({ metrics }, { REQUEST_TIMEOUT_SECONDS: '0.3' })
    const response = await send(app, body)
    await until(async () => (await metricOf(metrics, 'polarity_streams_open')) === 0)
    expect(await response.text()).not.toContain('summary')
  })

  it('ends with where to go on when the service is draining', async () => {
    const health = healthIn('serving')
    const { body, write } = openBody()
    const sent = send(createTestApp({ health }), body)
    write('"a"\n"b"\n')
    const response = await sent
    health.phase = 'draining'
    const { rows, summary } = parse(await response.text())
    expect(rows).toHaveLength(2)
    expect(summary).toMatchObject({
      rows: 2,
      complete: false,
      next: { line: 3, byte: 8 },
      error: { code: 'not_ready' },
      retry_after: 1,
    })
  })

  it('is complete where all of it was read when the service began to drain', async () => {
    const health = healthIn('serving')
    const { classify, calls, release } = heldClassify()
    const sent = send(createTestApp({ health, classify }), '"a"\n')
    await until(() => calls.length === 1)
    await settled()
    health.phase = 'draining'
    await new Promise((resolve) => setTimeout(resolve, 500))
    release()
    expect(parse(await (await sent).text()).summary).toMatchObject({ rows: 1, complete: true })
  })

  it('is not begun while the service is draining', async () => {
    const response = await send(createTestApp({ health: healthIn('draining') }), '"a"\n')
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1'])
  })

  it('is refused if there are too many', async () => {
    const { body, write, end } = openBody()
    const metrics = createMetrics(LABELS)
    const app = createTestApp({ metrics }, { MAX_STREAMS: '1' })
    const sent = send(app, body)
    expect((await send(app, '"a"\n')).status).toBe(429)
    write('"a"\n')
    end()
    await (await sent).text()
    await until(async () => (await metricOf(metrics, 'polarity_streams_open')) === 0)
    expect((await send(app, '"a"\n')).status).toBe(200)
  })
})
