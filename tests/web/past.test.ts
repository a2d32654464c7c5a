import { describe, expect, it } from 'vitest'
import { readEntries, withEntry } from '../../app/web/past.js'

describe('what was tried', () => {
  it('has the last in front, and each once', () => {
    expect(withEntry(['a', 'b'], ' b ')).toEqual(['b', 'a'])
  })

  it('has an end, in number and in length', () => {
    const entries = Array.from({ length: 20 }, (_, i) => `entry ${i}`)
    expect(withEntry(entries, 'new')).toHaveLength(20)
    expect(withEntry(['a'], 'x'.repeat(4001))).toEqual(['a'])
    expect(withEntry(['a'], ' \n')).toEqual(['a'])
  })

  it.each(['', '{', '{"a":1}', 'null'])(
    'is nothing where something else was stored: %s',
    (stored) => {
      expect(readEntries(stored)).toEqual([])
    },
  )

  it('is read as it was stored, but for what is no text', () => {
    expect(readEntries('["a",1,null,"b"]')).toEqual(['a', 'b'])
  })
})
