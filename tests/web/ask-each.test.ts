import { expect, it } from 'vitest'
import { askEach } from '../../app/web/ask-each.js'
import { Refused } from '../../app/web/service.js'

const answer = (label: string) => ({ scores: [{ label, score: 1 }], truncated: false })
const refusal = (...positions: number[]) =>
  new Refused({
    status: 422,
    code: 'invalid_request',
    detail: '',
    issues: positions.map((position) => ({ path: `text[${position}]`, message: 'no' })),
  })

it('answers the texts beside those that are refused, each in its place', async () => {
  const outcomes = await askEach(['a', 'bad', 'b', 'worse'], async (texts) => {
    const bad = texts.flatMap((text, i) => (text.length > 1 ? [i] : []))
    if (bad.length > 0) throw refusal(bad[0] ?? 0)
    return texts.map(answer)
  })
  expect(outcomes).toEqual([answer('a'), { problem: 'no' }, answer('b'), { problem: 'no' }])
})

it('asks nobody where every text is refused', async () => {
  let asked = 0
  const outcomes = await askEach(['a', 'b'], async () => {
    asked++
    throw refusal(0, 1)
  })
  expect([asked, outcomes]).toEqual([1, [{ problem: 'no' }, { problem: 'no' }]])
})

it.each([refusal(), refusal(7), new TypeError('gone')])(
  'throws what no text is to blame for, once',
  async (error) => {
    let asked = 0
    const thrown = await askEach(['a'], async () => {
      asked++
      throw error
    }).catch((reason) => reason)
    expect([asked, thrown]).toEqual([1, error])
  },
)
