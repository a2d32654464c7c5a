import { describe, expect, it } from 'vitest'
import { toBatches } from '../../model/batches.ts'

describe('batches', () => {
  it('hold every row once', () => {
    const runs = toBatches([12, 500, 3, 12, 80, 7, 512, 12], 512)
    expect(runs.flat().sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })

  it('group rows of equal length', () => {
    expect(toBatches([8, 8, 8], 512)).toEqual([[0, 1, 2]])
  })

  it('keep a long row from padding the short ones', () => {
    expect(toBatches([8, 100, 8], 512)).toEqual([[0, 2], [1]])
  })

  it('hold no more tokens than the limit, padding included', () => {
    expect(toBatches([10, 10, 10], 20)).toEqual([[0, 1], [2]])
  })

  it('hold a row over the limit alone', () => {
    expect(toBatches([512, 10], 100)).toEqual([[1], [0]])
  })

  it('of nothing are none', () => {
    expect(toBatches([], 512)).toEqual([])
  })
})
