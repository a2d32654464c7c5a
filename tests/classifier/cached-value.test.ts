import { describe, expect, it } from 'vitest'
import { createCachedValueReader, toCachedValue } from '../../app/classifier/cached-value.ts'

const read = createCachedValueReader(2)

describe('a cached value', () => {
  it('is the scores as compact JSON', () => {
    expect(toCachedValue({ scores: [0.25, 0.75], truncated: false })).toBe('[0.25,0.75]')
  })

  it.each([true, false])('survives a round trip, truncated: %s', (truncated) => {
    const answer = { scores: [0.123456789, 0.876543211], truncated }
    expect(read(toCachedValue(answer))).toEqual(answer)
  })

  it.each([
    '',
    'hello',
    'null',
    '0.5',
    '[0.5]',
    '[0.2,0.3,0.5]',
    '["0.5","0.5"]',
    '[0.5,1.5]',
    '[0.5,null]',
    '{"scores":[0.5,0.5]}',
    '{"scores":[0.5,0.5],"truncated":true,"more":1}',
  ])('is a miss if it reads %s', (value) => {
    expect(read(value)).toBeUndefined()
  })
})
