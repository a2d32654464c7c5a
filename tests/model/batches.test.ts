import { describe, expect, it } from 'vitest'
import { toRuns } from '../../model/batches.ts'

describe('batches', () => {
  it('hold every row once', () => {
    const runs = toRuns([12, 500, 3, 12, 80, 7, 512, 12], 512)
    expect(runs.flat().sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })

  it('group rows of equal length', () => {
    expect(toRuns([8, 8, 8], 512)).toEqual([[0, 1, 2]])
  })

  it('keep a long row from padding the short ones', () => {
    expect(toRuns([8, 100, 8], 512)).toEqual([[0, 2], [1]])
  })

  it('hold no more tokens than the limit, padding included', () => {
    expect(toRuns([10, 10, 10], 20)).toEqual([[0, 1], [2]])
  })

  it('hold a row over the limit alone', () => {
    expect(toRuns([512, 10], 100)).toEqual([[1], [0]])
  })

  it('of nothing are none', () => {
    expect(toRuns([], 512)).toEqual([])
  })
})
