import { describe, expect, it } from 'vitest'
import { rejection } from '../rejection.ts'
import { answerTo, clientOf, html, problem, refused, scripted } from './serving.ts'

describe('a failed request', () => {
  it.each([
    ['refused with 429', () => problem(429, 'overloaded', { 'retry-after': '0' })],
    ['refused while the service drains', () => problem(503, 'not_ready', { 'retry-after': '0' })],
    [
      'refused with a date',
      () => problem(503, 'not_ready', { 'retry-after': new Date(0).toUTCString() }),
    ],
    ['lost by a gateway', () => html(502)],
    ['refused a connection', refused],
    ['late, with one text', () => problem(504, 'deadline_exceeded')],
  ])('is sent again if it was %s', async (_, failure) => {
    const serve = scripted((texts, nth) => (nth < 4 ? failure() : answerTo(texts)))
    const { client, sent } = clientOf(serve)
    expect((await client.classify('text 900')).score).toBe(0.9)
    expect(sent()).toHaveLength(5)
  })

  it.each([
    ['unauthorized', () => problem(401, 'unauthorized'), 'unauthorized'],
    ['a page', () => html(404), 'unexpected_answer'],
    ['a page that looks like a success', () => html(200), 'unexpected_answer'],
    ['a list too short', () => answerTo([]), 'unexpected_answer'],
    ['of another shape', () => Response.json({ predictions: ['text'] }), 'unexpected_answer'],
    ['a bug', () => problem(500, 'internal'), 'internal'],
    ['unknown', () => problem(418, 'teapot'), 'teapot'],
  ])('is not sent again if the answer is %s', async (_, failure, code) => {
    const { client, sent } = clientOf(scripted(failure))
    expect(await rejection(client.classify('text'))).toMatchObject({ code })
    expect(sent()).toHaveLength(1)
  })

  it('is given up after the retries, with the last reason', async () => {
    const { client, sent } = clientOf(
      scripted(() => html(502)),
      { retries: 2 },
    )
    expect(await rejection(client.classify('text'))).toMatchObject({
      code: 'unexpected_answer',
      status: 502,
    })
    expect(sent()).toHaveLength(3)
  })

  it('is sent again as often as the service says when', async () => {
    const serve = scripted((texts, nth) =>
      nth < 9 ? problem(429, 'rate_limited', { 'retry-after': '0' }) : answerTo(texts),
    )
    expect((await clientOf(serve, { retries: 1 }).client.classify('text 900')).score).toBe(0.9)
  })

  it('is never sent again without retries', async () => {
    const serve = scripted(() => problem(429, 'rate_limited', { 'retry-after': '0' }))
    const { client, sent } = clientOf(serve, { retries: 0 })
    expect(await rejection(client.classify('text'))).toMatchObject({ code: 'rate_limited' })
    expect(sent()).toHaveLength(1)
  })

  it('fails at once if the service wants to be asked after the deadline', async () => {
    const serve = scripted(() => problem(429, 'rate_limited', { 'retry-after': '3600' }))
    const { client, sent } = clientOf(serve)
    expect(await rejection(client.classify('text'))).toMatchObject({
      code: 'rate_limited',
      retryAfter: 3600,
    })
    expect(sent()).toHaveLength(1)
  })

  it('waits as long as the service asks for', async () => {
    const times: number[] = []
    const serve = scripted((texts, nth) => {
      times.push(performance.now())
      return nth === 0 ? problem(429, 'overloaded', { 'retry-after': '1' }) : answerTo(texts)
    })
    await clientOf(serve).client.classify('text')
    const [first = 0, second = 0] = times
    // Timers may be a little early.
    expect(second - first).toBeGreaterThan(990)
  })

  it('slows the client down if it was refused', async () => {
    let open = 0
    const together: number[] = []
    const serve = scripted(async (texts, nth) => {
      open++
      together.push(open)
      await new Promise((resolve) => setTimeout(resolve))
      open--
      return nth < 4 ? problem(429, 'overloaded', { 'retry-after': '0' }) : answerTo(texts)
    })
    const { client } = clientOf(serve)
    await client.classify(Array.from({ length: 80 }, (_, i) => `text ${i}`))
    // Four are refused and sent again; the next one joins when most of them are answered.
    expect(together[3]).toBe(4)
    expect(together[8]).toBeLessThanOrEqual(2)
  })
})
