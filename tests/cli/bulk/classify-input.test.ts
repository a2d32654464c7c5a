import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { rejection } from '../../rejection.ts'
import { classifyBytes } from './run.ts'

const csv = (text: string) => ({ name: 'in.csv', bytes: `id,text\n${text}` })
const WHICH_COLUMN = 'which column holds the texts? Name it by --column; there are "id", "words"'
const HEAD = 'id,text,label,score,truncated,error\n'

describe('a CSV file', () => {
  it.each([
    ['keeps its columns and their order', '1,I love it\n', '1,I love it,POSITIVE,0.900000,,\n'],
    [
      'may have line breaks and quotes in a cell',
      '1,"I ""love""\nit"\r\n',
      '1,"I ""love""\nit",POSITIVE,0.900000,,\n',
    ],
    ['may end without a line break', '1,no', '1,no,NEGATIVE,0.800000,,\n'],
    [
      'may have empty lines between its rows',
      '1,no\n\n2,no\n',
      '1,no,NEGATIVE,0.800000,,\n2,no,NEGATIVE,0.800000,,\n',
    ],
    [
      'says which texts are cut',
      `1,${'a'.repeat(101)}\n`,
      `1,${'a'.repeat(101)},NEGATIVE,0.800000,true,\n`,
    ],
    [
      'keeps a blank row, with its error',
      '1, \u200b\n2,no\n',
      '1, \u200b,,,,blank\n2,no,NEGATIVE,0.800000,,\n',
    ],
    ['keeps a row with too many cells', '1,no,more\n', '1,no,,,,ragged\n'],
    ['keeps a row with too few cells', '1\n2,no\n', '1,,,,,ragged\n2,no,NEGATIVE,0.800000,,\n'],
    [
      'goes on behind a quote that is not closed',
      '1,"no\n2,no\n',
      '"1,""no\n",,,,,unclosed_quote\n2,no,NEGATIVE,0.800000,,\n',
    ],
    [
      'takes a quote inside of a cell as it is',
      '1,a "love" b\n',
      '1,"a ""love"" b",POSITIVE,0.900000,,\n',
    ],
  ])('%s', async (_, rows, expected) => {
    const { output } = await classifyBytes(csv(rows))
    expect(output).toBe(HEAD + expected)
  })

  it('keeps a text that is too long', async () => {
    const { output } = await classifyBytes({ ...csv('1,aaaaa\n'), maxChars: 4 })
    expect(output).toBe(`${HEAD}1,aaaaa,,,,too_long\n`)
  })

  it('counts a character outside of the first 65,536 as one', async () => {
    const { output } = await classifyBytes({ ...csv('1,🙂🙂🙂🙂\n2,🙂🙂🙂🙂🙂\n'), maxChars: 4 })
    expect(output).toBe(`${HEAD}1,🙂🙂🙂🙂,NEGATIVE,0.800000,,\n2,🙂🙂🙂🙂🙂,,,,too_long\n`)
  })

  it('has its formulas made harmless on request', async () => {
    const { output } = await classifyBytes({ ...csv('1,=love()\n'), safeCells: true })
    expect(output).toBe(`${HEAD}1,'=love(),POSITIVE,0.900000,,\n`)
  })

  it('may have rows that are not UTF-8', async () => {
    const bytes = Buffer.concat([
      Buffer.from('text\nlove '),
      Buffer.from([0xff, 10]),
      Buffer.from('no\n'),
    ])
    const { output } = await classifyBytes({ name: 'in.csv', bytes })
    expect(output).toBe(
      'text,label,score,truncated,error\nlove \ufffd,,,,not_utf8\nno,NEGATIVE,0.800000,,\n',
    )
  })

  it('may begin with a byte order mark', async () => {
    const { output } = await classifyBytes({ name: 'in.csv', bytes: '\ufefftext\nno\n' })
    expect(output).toBe('text,label,score,truncated,error\nno,NEGATIVE,0.800000,,\n')
  })

  it('may have semicolons between its cells, and is written with commas', async () => {
    const { output } = await classifyBytes({ name: 'in.csv', bytes: 'id;text\n1;a,b\n' })
    expect(output).toBe(`${HEAD}1,"a,b",NEGATIVE,0.800000,,\n`)
  })

  it('may be packed', async () => {
    const { output } = await classifyBytes({ name: 'in.csv.gz', bytes: gzipSync('text\nno\n') })
    expect(output).toBe('text,label,score,truncated,error\nno,NEGATIVE,0.800000,,\n')
  })

  it.each([
    ['has several columns, none of which is called text', 'id,words\n1,no\n', WHICH_COLUMN],
    ['is empty', '', 'the input is empty: a table begins with the names of its columns'],
    [
      'has a column of a name that is to be added',
      'text,label\nno,1\n',
      'the input has a column "label" already: choose other names by --prefix',
    ],
  ])('is refused if it %s', async (_, bytes, message) => {
    const error = await rejection(classifyBytes({ name: 'in.csv', bytes }))
    expect(error).toMatchObject({ message })
  })

  it('is refused if it has no column of the name that is asked for', async () => {
    const error = await rejection(classifyBytes({ ...csv('1,no\n'), column: 'review' }))
    expect(error).toMatchObject({ message: 'there is no column "review"; there are "id", "text"' })
  })

  it('is refused if it is UTF-16', async () => {
    const bytes = Buffer.from('\ufefftext\nno\n', 'utf16le')
    const error = await rejection(classifyBytes({ name: 'in.csv', bytes }))
    expect(error).toMatchObject({ message: expect.stringContaining('is UTF-16: convert it first') })
  })

  it('is refused if it is packed and damaged', async () => {
    const bytes = gzipSync(`text\n${'no\n'.repeat(1000)}`).subarray(0, 30)
    const error = await rejection(classifyBytes({ name: 'in.csv.gz', bytes }))
    expect(error).toMatchObject({
      name: 'CommandError',
      message: expect.stringContaining('is damaged'),
    })
  })

  it('may be told the number of its column', async () => {
    const { output } = await classifyBytes({ name: 'in.csv', bytes: 'a,b\nlove,no\n', column: '1' })
    expect(output).toBe('a,b,label,score,truncated,error\nlove,no,POSITIVE,0.900000,,\n')
  })
})

describe('JSON Lines', () => {
  it.each([
    [
      'keep their members',
      '{"id":7,"text":"love"}\n',
      '{"id":7,"text":"love","label":"POSITIVE","score":0.9}\n',
    ],
    ['may be strings', '"no"\n', '{"text":"no","label":"NEGATIVE","score":0.8}\n'],
    [
      'keep a line that is no JSON',
      '{"text"\n"no"\n',
      '{"text":"{\\"text\\"","error":"malformed_json"}\n{"text":"no","label":"NEGATIVE","score":0.8}\n',
    ],
    ['keep an object without the text', '{"id":7}\n', '{"id":7,"error":"no_text"}\n'],
    ['keep a text that is no string', '{"text":7}\n', '{"text":7,"error":"no_text"}\n'],
  ])('%s', async (_, bytes, expected) => {
    const { output } = await classifyBytes({ name: 'in.jsonl', bytes })
    expect(output).toBe(expected)
  })
})

describe('plain lines', () => {
  it('are written with label and score in front', async () => {
    const { output } = await classifyBytes({ name: 'in.txt', bytes: 'I love it\r\n\nno' })
    expect(output).toBe('POSITIVE\t0.900000\tI love it\nERROR\tblank\t\nNEGATIVE\t0.800000\tno\n')
  })

  it('may be longer than is held', async () => {
    const { output } = await classifyBytes({
      name: 'in.txt',
      bytes: `${'a'.repeat(3_000_000)}\nno\n`,
    })
    expect(output.split('\n').map((line) => line.slice(0, 20))).toEqual([
      'ERROR\ttoo_long\taaaaa',
      'NEGATIVE\t0.800000\tno',
      '',
    ])
  })

  it('can become a table', async () => {
    const { output } = await classifyBytes({ name: 'in.txt', bytes: 'no\n', to: 'csv' })
    expect(output).toBe('text,label,score,truncated,error\nno,NEGATIVE,0.800000,,\n')
  })
})

describe('rows that can’t be classified', () => {
  it('go into a file of their own on request, with their lines', async () => {
    const { output, rejected } = await classifyBytes({
      ...csv('1,"a\nb"\n2,\n3,no,more\n'),
      rejectsFile: 'bad',
    })
    expect(output).toBe(`${HEAD}1,"a\nb",NEGATIVE,0.800000,,\n`)
    expect(rejected).toBe(
      '{"line":4,"error":"blank","row":["2",""]}\n{"line":5,"error":"ragged","row":["3","no","more"]}\n',
    )
  })

  it('are counted', async () => {
    const { counts } = await classifyBytes(csv('1,\n2,love\n3,no\n4\n'))
    expect(counts).toMatchObject({
      rows: 4,
      labels: { NEGATIVE: 1, POSITIVE: 1 },
      errors: { blank: 1, ragged: 1 },
    })
  })
})
