import { describe, expect, it } from 'vitest'
import type { Classify } from '../../app/classifier/classify.ts'
import { rateLimited } from '../../app/classifier/rate-limited.ts'
import { AppError, type ErrorCode } from '../../app/errors.ts'
import { LocalBuckets } from '../../app/token-bucket.ts'
import { answerTo, createCall, fakeClassify } from '../fakes.ts'
import { rejection } from '../rejection.ts'

function setup({ next = fakeClassify().classify, missCost = 1 } = {}) {
  const clock = { ms: 0 }
  const buckets = new LocalBuckets(60, () => clock.ms)
  const classify = rateLimited(next, { textsPerMinute: 60, missCost, buckets })
  const send = async (texts: number, caller = 'somebody') =>
    (await classify(Array(texts).fill('a'), createCall({ caller }))).length
  return { clock, send }
}

describe('rateLimited', () => {
  it('lets a minute’s texts through at once', async () => {
    expect(await setup().send(60)).toBe(60)
  })

  it('refuses more, and says when the request would pass', async () => {
    const { send } = setup()
    await send(60)
    expect(await rejection(send(5))).toMatchObject({
      code: 'rate_limited',
      shed: 'rate_limit',
      headers: { 'Retry-After': '5' },
    })
  })

  it('refills over time', async () => {
    const { clock, send } = setup()
    await send(60)
    clock.ms = 5000
    expect(await send(5)).toBe(5)
    expect(await rejection(send(1))).toMatchObject({ code: 'rate_limited' })
  })

  it('has a bucket per caller', async () => {
    const { send } = setup()
    await send(60, 'one')
    expect(await send(60, 'another')).toBe(60)
  })

  const failing = (code: ErrorCode) => {
    let calls = 0
    const next: Classify = async (texts) => {
      calls++
      if (calls === 1) throw new AppError(code, 'Not now.')
      return texts.map(answerTo)
    }
    return setup({ next })
  }

  it.each(['overloaded', 'payload_too_large', 'not_ready', 'internal'] as const)(
    'takes nothing for a request that ends as %s',
    async (code) => {
      const { send } = failing(code)
      await send(60).catch(() => undefined)
      expect(await send(60)).toBe(60)
    },
  )

  it.each(['deadline_exceeded', 'client_closed'] as const)(
    'is paid for work that was done in vain: %s',
    async (code) => {
      const { send } = failing(code)
      await send(60).catch(() => undefined)
      expect(await rejection(send(1))).toMatchObject({ code: 'rate_limited' })
    },
  )

  it('charges a miss more, also where that leaves a debt', async () => {
    const { clock, send } = setup({ missCost: 3 })
    await send(60)
    clock.ms = 120_000
    expect(await rejection(send(1))).toMatchObject({ headers: { 'Retry-After': '1' } })
    clock.ms = 121_000
    expect(await send(1)).toBe(1)
  })

  it('charges a hit once', async () => {
    const next: Classify = async (texts) =>
      texts.map((text) => ({ ...answerTo(text), source: 'memory' }))
    const { send } = setup({ next, missCost: 3 })
    await send(59)
    expect(await send(1)).toBe(1)
  })

  it('takes nothing for a request that is refused', async () => {
    const { send } = setup()
    await send(50)
    await rejection(send(11))
    expect(await send(10)).toBe(10)
  })

  it('refuses for good what no minute can hold', async () => {
    expect(await rejection(setup().send(61))).toMatchObject({ code: 'payload_too_large' })
  })
})
