import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { createTestApp } from '../../fakes.ts'
import { type Body, send } from './stream.ts'

const app = createTestApp()

async function ask(body: Body, query = '') {
  const response = await send(app, body, { type: 'text/csv', query })
  const records: Record<string, string>[] = parse(await response.text(), { columns: true })
  const summary: unknown = JSON.parse(records.pop()?.summary ?? '')
  return { records, summary }
}
const linesAndErrors = (records: readonly Record<string, string>[]) =>
  records.map(({ line, error }) => [Number(line), error])

describe('rows of CSV', () => {
  it('are answered by the winning label and its score', async () => {
    const { records, summary } = await ask('id,text\n7,I love it\n8,"I hate it, really"\n')
    expect(records).toEqual([
      { line: '2', label: 'POSITIVE', score: '0.9', truncated: '', error: '', summary: '' },
      { line: '3', label: 'NEGATIVE', score: '0.8', truncated: '', error: '', summary: '' },
    ])
    expect(summary).toMatchObject({ rows: 2, errors: 0, complete: true })
  })

  it.each([
    ['one column', 'text\na\nb\n', [2, 3]],
    ['CRLF', 'text\r\na\r\nb\r\n', [2, 3]],
    ['no newline at the end', 'text\na\nb', [2, 3]],
    ['a byte order mark', '\ufefftext\na\nb\n', [2, 3]],
    ['a byte order mark before a quote', '\ufeff"text",n\na,1\nb,2\n', [2, 3]],
    ['a quoted header', '"the\nname","text"\n1,a\n2,b\n', [3, 4]],
    ['empty lines', 'text\n\na\n\r\nb\n', [3, 5]],
    ['lines in cells', 'text\n"a\n\nc"\nb\n', [2, 5]],
    ['quotes in cells', 'text,n\n"a ""b"", c",1\n5" disk,2\n', [2, 3]],
    ['text behind a closed quote', 'text\n"a" b\nc\n', [2, 3]],
    ['NUL', 'text\na\0b\n"c"\0\n', [2, 3]],
  ])('may come with %s', async (_, body, lines) => {
    const { records } = await ask(body)
    expect(linesAndErrors(records)).toEqual(lines.map((line) => [line, '']))
  })

  it.each([
    ['too few cells', 'a', 'Has 1 cells; the header has 2.'],
    ['too many cells', 'a,1,2', 'Has 3 cells; the header has 2.'],
    ['a blank text', ' ,1', 'Must not be blank.'],
    ['a long text', `${'x'.repeat(201)},1`, 'Longer than 200 characters.'],
  ])('with %s are error rows between the others', async (_, row, message) => {
    const { records } = await ask(`text,n\nbefore,1\n${row}\nafter,2\n`)
    const errors = ['', `invalid_request: ${message}`, '']
    expect(records.map(({ error }) => error)).toEqual(errors)
  })

  it('that are not UTF-8 are error rows', async () => {
    const bytes = Buffer.concat([Buffer.from('text\na\n'), Buffer.of(0xff), Buffer.from('\nb\n')])
    const { records } = await ask(bytes)
    const error = 'invalid_request: Must be one record of CSV in UTF-8.'
    expect(linesAndErrors(records)).toEqual([
      [2, ''],
      [3, error],
      [4, ''],
    ])
  })

  it('whose quote is never closed are one error row at the end', async () => {
    const { records } = await ask('text\na\n"b\nc\n')
    const error = 'invalid_request: Must be one record of CSV in UTF-8.'
    expect(linesAndErrors(records)).toEqual([
      [2, ''],
      [3, error],
    ])
  })

  it('whose quote is closed too late are passed over to the end of a line', async () => {
    const { records } = await ask(`text\na\n"${'b\n'.repeat(35_000)}c\nd\n`)
    expect(records.at(1)?.error).toMatch(/^payload_too_large/)
    expect(records.at(0)?.error).toBe('')
    expect(records.at(-1)).toMatchObject({ line: '35004', error: '' })
  })

  it('are numbered from where the request says, behind the header', async () => {
    const { records } = await ask('text\na\nb\n', '?line=1001')
    expect(records.map(({ line }) => line)).toEqual(['1001', '1002'])
  })

  it('send nothing of the sender’s back', async () => {
    const cell = '=HYPERLINK(1)'
    const response = await send(app, `${cell},text\n${cell},${cell}\n`, { type: 'text/csv' })
    expect(await response.text()).not.toContain(cell)
  })

  it.each([
    ['no column', 'id,review\n1,a\n'],
    ['two columns', 'text,text\na,b\n'],
    ['no header', ''],
    ['semicolons', 'id;text\n1;a\n'],
    ['UTF-16', Buffer.from('\ufefftext\na\n', 'utf16le')],
  ])('are refused before anything is answered with %s of that name', async (_, body) => {
    const response = await send(app, body, { type: 'text/csv' })
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({
      code: 'invalid_request',
      errors: [{ message: 'The first line must name the columns, one of them "text".' }],
    })
  })
})
