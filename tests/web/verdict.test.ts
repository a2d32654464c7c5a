import { describe, expect, it } from 'vitest'
import { verdictOn } from '../../app/web/examples.js'
import { several, Tally, toPercent, toPoints, verdictOf } from '../../app/web/verdict.js'

const scoresOf = (...scores: number[]) =>
  scores.map((score, i) => ({ label: ['NEGATIVE', 'POSITIVE', 'MIXED'][i] ?? '', score }))
const UNSURE = [0.25, 0.75] as const

describe('the verdict', () => {
  it.each([
    [0.1, 'low', 'NEGATIVE'],
    [0.25, 'unsure', 'NEGATIVE'],
    [0.75, 'unsure', 'POSITIVE'],
    [0.76, 'high', 'POSITIVE'],
  ])('of %d is %s', (position, side, label) => {
    expect(verdictOf(scoresOf(1 - position, position), UNSURE)).toMatchObject({
      side,
      label,
      position,
    })
  })

  it('is never unsure where the card does not say when', () => {
    expect(verdictOf(scoresOf(0.49, 0.51), undefined).side).toBe('high')
  })

  it('has no place on a line among three labels', () => {
    const verdict = verdictOf(scoresOf(0.2, 0.3, 0.5), UNSURE)
    expect(verdict).toMatchObject({ side: 'one of many', label: 'MIXED', position: undefined })
  })
})

it('counts answers by label, and those that are unsure or missing', () => {
  const tally = new Tally(UNSURE)
  for (const positive of [0.9, 0.95, 0.5]) tally.add({ scores: scoresOf(1 - positive, positive) })
  tally.fail()
  expect(String(tally)).toBe('2 POSITIVE, 1 unsure, 1 without an answer')
})

it.each([
  [0.5, '50.0 %'],
  [0.9999, '> 99.9 %'],
  [0.0001, '< 0.1 %'],
])('calls nothing certain: %d', (score, percent) => {
  expect(toPercent(score)).toBe(percent)
})

it('writes pushes as points, with a sign', () => {
  expect([0.123, -0.9, 0.001, -0.001].map(toPoints)).toEqual(['+12', '−90', '0', '0'])
})

it('counts in words', () => {
  expect([1, 2000].map((count) => several(count, 'row'))).toEqual(['1 row', '2,000 rows'])
})

it('says that an example is wrong only if it is', () => {
  const example = { name: 'Irony', text: '', people: 'negative' }
  expect(verdictOn(example, 'POSITIVE')).toContain('it is wrong')
  expect(verdictOn(example, 'Negative')).toBe('')
  expect(verdictOn({ name: 'No opinion', text: '' }, 'POSITIVE')).toBe('')
})
