import { describe, expect, it } from 'vitest'
import {
  classesOf,
  differenceBetween,
  type ParityRow,
  scoresOf,
  withScores,
} from '../../model/parity.ts'

const ROWS: ParityRow[] = [
  { text: 'one', ids: [2, 4, 3], scores: { python: [0.25, 0.75] } },
  { text: 'two', ids: [2, 5, 3], scores: { python: [0.5, 0.5] } },
]

const avx2 = [
  [0.25, 0.75],
  [0.51, 0.49],
]

describe('a parity file', () => {
  it('writes what two classes share once', () => {
    const [one, two] = withScores(ROWS, 'avx2', avx2)
    expect(one?.scores).toEqual({ 'python avx2': [0.25, 0.75] })
    expect(two?.scores).toEqual({ python: [0.5, 0.5], avx2: [0.51, 0.49] })
  })

  it('knows the scores of each class that it was given', () => {
    const rows = withScores(ROWS, 'avx2', avx2)
    expect(classesOf(rows)).toEqual(['avx2'])
    expect(scoresOf(rows, 'avx2')).toEqual(avx2)
    expect(scoresOf(rows, 'sse')).toBeUndefined()
  })

  it('stays as it is when a class is added again', () => {
    const rows = withScores(withScores(ROWS, 'avx2', avx2), 'sse', avx2)
    expect(withScores(rows, 'avx2', avx2)).toEqual(rows)
  })

  it('forgets scores of a class that has others now', () => {
    const rows = withScores(withScores(ROWS, 'avx2', avx2), 'avx2', [
      [0.3, 0.7],
      [0.51, 0.49],
    ])
    expect(rows[0]?.scores).toEqual({ python: [0.25, 0.75], avx2: [0.3, 0.7] })
  })
})

describe('the difference between two classes', () => {
  const between = (...pairs: [number, number][]) =>
    differenceBetween(
      pairs.map(([one]) => [1 - one, one]),
      pairs.map(([, other]) => [1 - other, other]),
    )

  it('is the largest and the median of all texts', () => {
    const { largest, median } = between([0.9, 0.9], [0.8, 0.8 + 2e-3], [0.7, 0.72])
    expect(largest).toBeCloseTo(0.02, 10)
    expect(median).toBeCloseTo(2e-3, 10)
  })

  it('counts another label where the first was clear', () => {
    expect(between([0.6, 0.4], [0.52, 0.48], [0.3, 0.2]).flips).toBe(1)
  })

  it('is no number where scores are missing', () => {
    expect(differenceBetween([[0.5, 0.5]], []).largest).toBeNaN()
  })
})
