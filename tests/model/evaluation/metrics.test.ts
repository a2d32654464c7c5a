import { describe, expect, it } from 'vitest'
import {
  accuracyOf,
  auroc,
  binsOf,
  calibrationErrorOf,
  judge,
  sureErrorsOf,
} from '../../../model/evaluation/metrics.ts'

/** So many answers of one confidence, so many of them right. */
const answers = (confidence: number, count: number, right: number) =>
  Array.from({ length: count }, (_, i) => judge([1 - confidence, confidence], i < right ? 1 : 0))

describe('the figures of an evaluation', () => {
  it('have the standard error of the accuracy', () => {
    const { accuracy, standardError } = accuracyOf(answers(0.7, 100, 80))
    expect(accuracy).toBe(0.8)
    expect(standardError).toBeCloseTo(0.04, 10)
  })

  it('have no calibration error where answers are as often right as they are sure', () => {
    const calibrated = [...answers(0.8, 10, 8), ...answers(0.6, 10, 6)]
    expect(calibrationErrorOf(calibrated)).toBeCloseTo(0, 10)
  })

  it('weigh the gap of each bin by its rows', () => {
    // Of 40 rows a quarter has a gap of 0.4, the others one of 0.1.
    const judgements = [...answers(0.9, 10, 5), ...answers(0.7, 30, 18)]
    expect(calibrationErrorOf(judgements)).toBeCloseTo((10 * 0.4 + 30 * 0.1) / 40, 10)
  })

  it('have a bin for the scores of 1 as well', () => {
    expect(binsOf(answers(1, 4, 4))).toEqual([{ count: 4, confidence: 1, accuracy: 1 }])
  })

  it('count how many errors are sure', () => {
    expect(sureErrorsOf([...answers(0.95, 4, 3), ...answers(0.6, 4, 1)])).toBe(0.25)
    expect(sureErrorsOf(answers(0.95, 2, 2))).toBe(0)
  })

  it.each([
    { higher: [3, 4], lower: [1, 2], area: 1 },
    { higher: [1, 2], lower: [3, 4], area: 0 },
    { higher: [1, 1], lower: [1, 1, 1], area: 0.5 },
    { higher: [2, 3], lower: [1, 2], area: 0.875 },
  ])('have $area as area under the curve of $higher against $lower', ({ higher, lower, area }) => {
    expect(auroc(higher, lower)).toBe(area)
  })
})
