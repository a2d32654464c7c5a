import { describe, expect, it } from 'vitest'
import { createCachedValueReader, toCachedValue } from '../../app/classifier/cached-value.ts'
import { createScoresWriter } from '../../app/label-scores.ts'

const LABELS = ['NEGATIVE', 'POSITIVE']
const read = createCachedValueReader(LABELS)
const toJson = createScoresWriter(LABELS)

describe('a cached value', () => {
  it('is the scores as compact JSON', () => {
    expect(toCachedValue({ scores: [0.25, 0.75], truncated: false })).toBe('[0.25,0.75]')
  })

  it.each([true, false])('survives a round trip, truncated: %s', (truncated) => {
    const answer = { scores: [0.123456789, 0.876543211], truncated }
    expect(read(toCachedValue(answer))).toMatchObject(answer)
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
    '[0,0]',
    '[0.9,0.9]',
    '[0.99,0.01001]',
    '[0.5,1e999]',
    '[-0.5,1.5]',
    '{"scores":[0.5,0.4],"truncated":true}',
    '{"scores":[0.5,0.5]}',
    '{"scores":[0.5,0.5],"truncated":true,"more":1}',
  ])('is a miss if it reads %s', (value) => {
    expect(read(value)).toBeUndefined()
  })

  it.each(['[0.25,0.75]', ' [ 0.25 , 0.75 ]\n'])(
    'comes with what an answer has of it: %j',
    (value) => {
      const { scores = [], json = toJson(scores) } = read(value) ?? {}
      expect(JSON.parse(json)).toEqual([
        { label: 'NEGATIVE', score: 0.25 },
        { label: 'POSITIVE', score: 0.75 },
      ])
    },
  )

  it('is a hit if its scores sum to 1 but for rounding', () => {
    expect(read('[0.3333333,0.6666663]')).toBeDefined()
  })

  it.each([2, 28])('survives a round trip at its longest, with %s labels', (labels) => {
    const tiny = Array<number>(labels - 1).fill(1.2345678901234568e-300)
    const answer = { scores: [...tiny, 1 - Number.EPSILON], truncated: true }
    const names = Array.from({ length: labels }, (_, i) => `label ${i}`)
    expect(createCachedValueReader(names)(toCachedValue(answer))).toEqual(answer)
  })

  it('is not parsed if it is longer than any true one', () => {
    const padded = `[0.5,${' '.repeat(200)}0.5]`
    expect([JSON.parse(padded), read(padded)]).toEqual([[0.5, 0.5], undefined])
  })
})
