import { expect, it } from 'vitest'
import type { Rows } from '../../model/inference.ts'
import { measurePace } from '../../model/pace.ts'

it.each([undefined, 512])(
  'times one, two and four rows, with batches of %s tokens',
  async (size) => {
    const seen: number[] = []
    const { smallRuns } = await measurePace(async ({ lengths }: Rows) => {
      seen.push(lengths.length)
      return []
    }, size)
    expect(smallRuns.map(({ tokens }) => tokens)).toEqual([16, 32, 64])
    expect(seen).toEqual(expect.arrayContaining([1, 2, 4]))
  },
)
