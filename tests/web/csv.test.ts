import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CsvReader, delimiterOf, toCsv } from '../../app/web/csv.js'

/** All records of a text that comes in pieces of this length. */
function read(text: string, pieceLength = text.length || 1, delimiter = ',') {
  const reader = new CsvReader(delimiter)
  const records: string[][] = []
  for (let i = 0; i < text.length; i += pieceLength) {
    records.push(...reader.read(text.slice(i, i + pieceLength)))
  }
  return [...records, ...reader.end()]
}

describe('the reader of CSV', () => {
  it.each([
    ['quotes, delimiters and line ends in a cell', 'a,"b,""c""\r\nd"\n', [['a', 'b,"c"\r\nd']]],
    [
      'CRLF, also behind a quote',
      'a,b\r\n"c","d"\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['no line end at the end', 'a\nb', [['a'], ['b']]],
    ['empty cells, not empty lines', 'a,b\n\n,\r\n\r\n""\n', [['a', 'b'], ['', ''], ['']]],
    ['a quote within a cell', 'a "b" c,5"\n', [['a "b" c', '5"']]],
    ['an empty file', '', []],
  ])('takes %s', (_, text, records) => {
    expect(read(text)).toEqual(records)
  })

  it('reads what a well-kept library writes, in pieces of any length', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', ' ', 'é', '😀') })
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 3 }), { maxLength: 5 })
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 7 }), (rows, pieceLength) => {
        expect(read(stringify(rows), pieceLength)).toEqual(rows)
      }),
    )
  })

  it('writes what a well-kept library reads', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r', ' ', '=') })
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 3 }), { maxLength: 5 })
    fc.assert(
      fc.property(table, (rows) => {
        const text = rows.map((cells) => toCsv(cells, { delimiter: ',', safe: false })).join('')
        expect(parse(text, { relax_column_count: true, record_delimiter: '\r\n' })).toEqual(rows)
      }),
    )
  })

  it('ends at a quote that is never closed, rather than hold the file', () => {
    expect(() => read(`a\n"${'b'.repeat(1_000_001)}`, 100_000)).toThrow(/Row 2 has no end/)
  })
})

describe('a cell that is written', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1'])(
    'is run by no spreadsheet: %j',
    (cell) => {
      expect(read(toCsv([cell, 'x'], { delimiter: ',', safe: true }))[0]?.[0]).toMatch(/^'/)
    },
  )

  it('is left alone where that is wanted', () => {
    expect(toCsv(['=1', 'x'], { delimiter: ',', safe: false })).toBe('=1,x\r\n')
  })
})

it.each([
  ['a,b;c,d\n', ','],
  ['a;b;"c,d,e,f"\n1;2;3', ';'],
  ['a\tb\n', '\t'],
  ['text\n1,2,3', ','],
])('finds the delimiter of %j', (beginning, delimiter) => {
  expect(delimiterOf(beginning)).toBe(delimiter)
})
