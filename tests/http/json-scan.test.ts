import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JsonScan } from '../../app/http/json-scan.ts'

/** Scans in steps of a few bytes, so that tokens stand across their bounds. */
function scan(text: string): JsonScan {
  const scan = new JsonScan(Buffer.from(text))
  while (scan.advance(3));
  return scan
}

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const HOSTILE = [
  '',
  ' ',
  '[',
  ']',
  '[]',
  '[}',
  '{]',
  '{}{}',
  '[1,]',
  '[,1]',
  '{"a"}',
  '{"a":}',
  '{"a":1,}',
  '{1:2}',
  '{"a":1 "b":2}',
  '["a" "b"]',
  '"a',
  '"\\"',
  '"\\x"',
  '"\\u12g4"',
  '"\\u123',
  '"\t"',
  '"\u007f\u2028"',
  '01',
  '-',
  '-0',
  '1.',
  '.5',
  '1e',
  '1E+5',
  '1e+',
  '+1',
  '0x1',
  'NaN',
  'tru',
  'true1',
  'nullnull',
  '// a\n1',
  '\ufeff1',
  '\u00a01',
]

describe('a scan of JSON', () => {
  it.each(HOSTILE)('finds valid what JSON.parse does: %s', (text) => {
    expect(scan(text).valid).toBe(parses(text))
  })

  it('finds valid whatever JSON.stringify writes', () => {
    fc.assert(fc.property(fc.json(), (text) => scan(text).valid))
  })

  it('agrees with JSON.parse on what is almost JSON', () => {
    const pieces = ['[', ']', '{', '}', ',', ':', '"a"', '"', '\\', '1', '-', '.', 'e', 'true', ' ']
    const almost = fc.array(fc.constantFrom(...pieces), { maxLength: 12 })
    fc.assert(
      fc.property(almost, (parts) => scan(parts.join('')).valid === parses(parts.join(''))),
      { numRuns: 5000 },
    )
  })

  it('counts nesting, and values with their keys', () => {
    const { deepest, items } = scan('{"text":["a","b"],"truncate":true}')
    expect([deepest, items]).toEqual([2, 7])
  })

  it('takes any depth', () => {
    const depth = 500_000
    const deep = scan('['.repeat(depth) + ']'.repeat(depth))
    expect([deep.valid, deep.deepest]).toEqual([true, depth])
  })
})
