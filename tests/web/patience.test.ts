import { describe, expect, it } from 'vitest'
import { isBusy, mayPass, patiently, pauseAfter } from '../../app/web/patience.js'
import { Refused, secondsUntil } from '../../app/web/service.js'

const refused = (status: number, retryAfter?: number) =>
  new Refused({
    status,
    code: '',
    detail: '',
    issues: [],
    ...(retryAfter !== undefined && { retryAfter }),
  })
const { signal } = new AbortController()
const onWait = () => {}

describe('what is asked again', () => {
  it('is what is busy, and in long work also what a gateway says', () => {
    const statuses = [408, 422, 429, 500, 502, 503, 504]
    expect(statuses.filter((status) => isBusy(refused(status)))).toEqual([429, 503])
    expect(statuses.filter((status) => mayPass(refused(status)))).toEqual([408, 429, 502, 503, 504])
    expect([isBusy(new TypeError()), mayPass(new TypeError())]).toEqual([false, true])
  })

  it('is nothing else', async () => {
    let asked = 0
    const ask = async () => {
      asked++
      throw refused(500)
    }
    const error = await patiently(ask, { signal, onWait }).catch((reason) => reason)
    expect([asked, error.problem.status]).toEqual([1, 500])
  })

  it('is asked until there is an answer', async () => {
    const errors = [refused(429, 0)]
    const waits: number[][] = []
    const ask = async () => {
      const error = errors.shift()
      if (error) throw error
      return 'answer'
    }
    const answer = await patiently(ask, { signal, onWait: (...wait) => waits.push(wait) })
    expect([answer, waits]).toEqual(['answer', [[1, 1]]])
  })

  it('is not asked again by who has left', async () => {
    const leaving = new AbortController()
    const ask = async () => {
      throw refused(429, 60)
    }
    const asking = patiently(ask, { signal: leaving.signal, onWait: () => leaving.abort('left') })
    expect(await asking.catch((reason) => reason)).toBe('left')
  })
})

it('waits as long as it is told, else longer each time, and never for ever', () => {
  expect([1, 2, 3].map((attempt) => pauseAfter(refused(503), attempt))).toEqual([1, 2, 4])
  expect(pauseAfter(refused(429, 17), 1)).toBe(17)
  expect(pauseAfter(refused(429, 86_400), 1)).toBe(120)
})

it.each([
  ['8', 8],
  ['0', 0],
  [null, undefined],
  ['soon', undefined],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
])('reads Retry-After: %s', (header, seconds) => {
  expect(secondsUntil(header)).toBe(seconds)
})
