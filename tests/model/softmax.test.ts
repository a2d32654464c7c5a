import { expect, it } from 'vitest'
import { softmax } from '../../model/softmax.ts'

it('softmax sums to 1', () => {
  const [a = 0, b = 0] = softmax([0.3, -2])
  expect(a + b).toBeCloseTo(1, 15)
})

it('softmax of ln 3 and 0 is three to one', () => {
  const [a, b] = softmax([Math.log(3), 0])
  expect(a).toBeCloseTo(0.75, 15)
  expect(b).toBeCloseTo(0.25, 15)
})

it('softmax of huge logits does not overflow', () => {
  expect(softmax([1000, 0])).toEqual([1, 0])
})
