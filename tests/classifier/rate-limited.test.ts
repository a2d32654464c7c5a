import { describe, expect, it } from 'vitest'
import { rateLimited } from '../../app/classifier/rate-limited.ts'
import { createCall, fakeClassify } from '../fakes.ts'
import { rejection } from '../rejection.ts'

function setup() {
  const clock = { ms: 0 }
  const classify = rateLimited(fakeClassify().classify, 60, () => clock.ms)
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

  it('refuses for good what no minute can hold', async () => {
    expect(await rejection(setup().send(61))).toMatchObject({ code: 'payload_too_large' })
  })
})
