import { describe, expect, it } from 'vitest'
import type { RefusalOf } from '../../app/classifier/classify.ts'
import { AppError } from '../../app/errors.ts'
import { createTestApp, fakeClassify, post } from '../fakes.ts'

const FULL = new AppError('overloaded', 'Too many texts are waiting. Try again after 3 s.', {
  headers: { 'Retry-After': '3' },
})

const setup = (refusalOf: RefusalOf) => {
  const { classify, lists } = fakeClassify()
  const limits = { MAX_BODY_BYTES: '200000', MAX_CHARS: '200000' }
  return { app: createTestApp({ classify, refusalOf }, limits), lists }
}

const bodyOf = (chars: number) => JSON.stringify({ text: ['x'.repeat(chars)] })

const sized = (body: string) => ({ 'content-length': String(body.length) })

describe('a caller whom the queue would refuse', () => {
  it('is refused before a large body is read, with Retry-After', async () => {
    const { app } = setup(() => FULL)
    const body = `not JSON ${'x'.repeat(50_000)}`
    const response = await post(app, body, sized(body))
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '3'])
    expect(await response.json()).toMatchObject({ code: 'overloaded' })
  })

  it('still has small bodies looked at, which may be cache hits', async () => {
    const { app, lists } = setup(() => FULL)
    const body = bodyOf(100)
    expect((await post(app, body, sized(body))).status).toBe(200)
    expect(lists).toHaveLength(1)
  })
})

describe('a caller whom the queue would not refuse', () => {
  it('has large bodies read', async () => {
    const { app } = setup(() => undefined)
    const body = bodyOf(50_000)
    expect((await post(app, body, sized(body))).status).toBe(200)
  })

  it('is asked for with no more work than the body can hold', async () => {
    const asked: { tokens: number; chars: number }[] = []
    const { app } = setup((_, least) => {
      asked.push(least)
      return undefined
    })
    const body = bodyOf(60_000)
    await post(app, body, sized(body))
    expect(asked).toHaveLength(1)
    expect(asked[0]?.tokens).toBeLessThan(60_000 / 4)
    expect(asked[0]?.chars).toBeLessThan(60_000)
  })
})
